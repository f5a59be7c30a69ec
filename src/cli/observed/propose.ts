// The smallest change for each thing that the rules would refuse: a role in a rule's allow, a zone, or a new rule at the
// end, where it takes nothing from any other. Proposes only; whether it is right is for people to say.

import type { Policy } from '../../core/policy/policy.ts';
import type { ObservedGroup } from './observed-groups.ts';
import type { RuleChange } from './rule-change.ts';

export interface Proposal {
  readonly change: RuleChange;
  /** What it is meant to let pass. */
  readonly groups: readonly ObservedGroup[];
}

/** What no line in rules.yaml should mend by itself, in words. */
export const withoutProposal: Readonly<Record<string, string>> = {
  'break-glass-required':
    'passes with a stated reason once the rules are enforced; give the role under allow only where that is not meant',
  'hours-not-permitted': 'widen the hours of the rule, or leave it as it is',
  'budget-exhausted': 'raise the budget of a role under downloads, or leave it as it is',
  'denied-always': 'denyAlways holds whatever the rules say',
};

/** `zones` are those of an address, by which a zone that everybody came from may be added. */
export function propose(
  groups: readonly ObservedGroup[],
  policy: Policy,
  zones: (address: string) => readonly string[],
): readonly Proposal[] {
  return [...roleProposals(groups, policy), ...ruleProposals(groups, zones), ...newRules(groups)];
}

/** One role at a time, the one that settles most first, until every row has one. */
function roleProposals(groups: readonly ObservedGroup[], policy: Policy): Proposal[] {
  return [...policy.rules.values()].flatMap((rule) =>
    (['allow', 'export'] as const).flatMap((key) => {
      const reason = key === 'allow' ? 'role-not-permitted' : 'export-not-permitted';
      let left = groups.filter((group) => group.rule === rule.name && group.reason === reason && group.roles.length > 0);
      const proposals: Proposal[] = [];
      while (left.length > 0) {
        const name = commonest(left);
        proposals.push({
          change: { kind: 'add', rule: rule.name, key, name },
          groups: left.filter(({ roles }) => roles.includes(name)),
        });
        left = left.filter(({ roles }) => !roles.includes(name));
      }
      return proposals;
    }),
  );
}

function commonest(groups: readonly ObservedGroup[]): string {
  const sums = new Map<string, number>();
  for (const { roles, count } of groups) for (const role of roles) sums.set(role, (sums.get(role) ?? 0) + count);
  const [first] = [...sums].sort((a, b) => b[1] - a[1]);
  return first?.[0] ?? '';
}

function ruleProposals(groups: readonly ObservedGroup[], zones: (address: string) => readonly string[]): Proposal[] {
  return groups.flatMap((group): Proposal[] => {
    const { rule, reason } = group;
    if (rule === null) return [];
    if (reason === 'upgrade-not-permitted') return [{ change: { kind: 'web-socket', rule }, groups: [group] }];
    if (reason !== 'zone-not-permitted') return [];
    const [first] = group.samples;
    const zone = zones(first?.address ?? '').find((name) => group.samples.every(({ address }) => zones(address).includes(name)));
    return zone === undefined ? [] : [{ change: { kind: 'add', rule, key: 'from', name: zone }, groups: [group] }];
  });
}

/** One rule for each area, or for each shape of a path that no area knows. */
function newRules(groups: readonly ObservedGroup[]): Proposal[] {
  const byPlace = new Map<string, ObservedGroup[]>();
  for (const group of groups) {
    if (group.rule !== null || group.reason !== 'no-rule' || group.roles.length === 0) continue;
    const key = JSON.stringify([group.application, group.area ?? group.pattern]);
    byPlace.set(key, [...(byPlace.get(key) ?? []), group]);
  }
  return [...byPlace.values()].flatMap((same): Proposal[] => {
    const [{ application, area, pattern } = { application: '', area: null, pattern: null }] = same;
    if (pattern === null) return [];
    const methods = [...new Set(same.flatMap(({ method }) => method ?? []))].filter((method) => method !== 'HEAD').sort();
    const where = area === null ? { path: decodedPath(pattern) } : { area };
    const name = area === null ? nameOf(pattern) : area.slice(area.indexOf('.') + 1);
    const allow = fewestRoles(same);
    return [
      {
        change: { kind: 'new-rule', name, application, where, methods: methods.length === 0 ? ['GET'] : methods, allow },
        groups: same,
      },
    ];
  });
}

function fewestRoles(groups: readonly ObservedGroup[]): readonly string[] {
  const chosen: string[] = [];
  for (let left = groups; left.length > 0;) {
    const name = commonest(left);
    chosen.push(name);
    left = left.filter(({ roles }) => !roles.includes(name));
  }
  return chosen;
}

/** Patterns are written decoded. */
function decodedPath(pattern: string): string {
  try {
    return decodeURIComponent(pattern);
  } catch {
    return pattern;
  }
}

/** `/letters/STAR/print.php` gives `letters-print`. */
function nameOf(pattern: string): string {
  const words = pattern
    .split('/')
    .map((segment) =>
      segment
        .replace(/\.\w+$/, '')
        .replaceAll(/[^A-Za-z0-9]+/g, '-')
        .replaceAll(/^-+|-+$/g, ''),
    )
    .filter((word) => word !== '');
  return words.slice(-3).join('-').toLowerCase().slice(0, 40) || 'start';
}
