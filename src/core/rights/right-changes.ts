// Who gains or loses what when one version of the rules takes the place of another, in rows and in words.

import type { Policy } from '../policy/policy.ts';
import { examplesOf, RightsUnder, rightUnder } from './rights-of.ts';
import type { Example, Holder, ReadingsOf, Right } from './rights-of.ts';

export interface RightChange {
  /** A role, or `machine lab`. */
  readonly who: string;
  readonly change: 'gains' | 'loses' | 'changes';
  readonly area: string;
  readonly method: string;
  readonly before: Right | null;
  readonly after: Right | null;
  /** Addresses of this area and method with that change, of so many there are; and one of them. */
  readonly count: number;
  readonly of: number;
  readonly example: string;
}

/** Lines kept of one change; of more, how many there are. */
export const mostRightLines = 200;
const mostCharacters = 240;

/** Sorted by who, then area. */
export function rightChanges(before: Policy, after: Policy, readingsOf: ReadingsOf): readonly RightChange[] {
  const [old, next] = [new RightsUnder(before, readingsOf), new RightsUnder(after, readingsOf)];
  const holders = holdersOf([before, after]);
  const found = new Map<string, { -readonly [Key in keyof RightChange]: RightChange[Key] }>();
  const totals = new Map<string, number>();
  for (const example of examplesOf([before, after])) {
    const place = JSON.stringify([example.area, example.method]);
    totals.set(place, (totals.get(place) ?? 0) + 1);
    const [oldRule, nextRule] = [old.ruleFor(example), next.ruleFor(example)];
    for (const [who, holder] of holders) {
      const row = changeOf(who, example, rightUnder(oldRule, holder), rightUnder(nextRule, holder));
      if (row === null) continue;
      const key = JSON.stringify([who, row.change, place, row.before?.terms, row.after?.terms]);
      const known = found.get(key);
      if (known === undefined) found.set(key, row);
      else known.count += 1;
    }
  }
  const rows = [...found.values()].map((row) => ({
    ...row,
    of: totals.get(JSON.stringify([row.area, row.method])) ?? row.count,
  }));
  return rows.toSorted((a, b) => compare(a.who, b.who) || compare(a.area, b.area) || compare(a.method, b.method));
}

/** In words, and beside them what holds for everybody: mode, groups of roles, budgets. At most `mostRightLines`. */
export function rightLines(before: Policy, after: Policy, readingsOf: ReadingsOf): readonly string[] {
  const lines = [
    ...modeLines(before, after),
    ...roleLines(before, after),
    ...rightChanges(before, after, readingsOf).map(lineOf),
    ...budgetLines(before, after),
  ].map((line) => (line.length > mostCharacters ? `${line.slice(0, mostCharacters - 1)}…` : line));
  if (lines.length <= mostRightLines) return lines;
  return [...lines.slice(0, mostRightLines), `and ${lines.length - mostRightLines} further changes`];
}

function changeOf(who: string, { area, method, path }: Example, before: Right | null, after: Right | null) {
  if (before?.terms === after?.terms) return null;
  const change = before === null ? ('gains' as const) : after === null ? ('loses' as const) : ('changes' as const);
  return { who, change, area, method, before, after, count: 1, of: 1, example: path };
}

function lineOf({ who, change, area, method, before, after, count, of, example }: RightChange): string {
  const part = count === of ? '' : ` in part (${count} of ${of} addresses, such as ${example})`;
  const what = `${who} ${change} ${area} ${method}${part}`;
  if (change === 'gains') return `${what}${inTerms(after)}`;
  if (change === 'loses') return `${what}${inTerms(before)}`;
  return `${what}: before ${before?.terms || 'freely'}; now ${after?.terms || 'freely'}`;
}

function inTerms(right: Right | null): string {
  return right === null ? '' : `: ${[`rule ${right.rule}`, right.terms].filter((text) => text !== '').join(', ')}`;
}

/** Roles first, as the files name them, then machines. */
function holdersOf(policies: readonly Policy[]): ReadonlyMap<string, Holder> {
  const roles = policies.flatMap((policy) => [...policy.roles.keys()]);
  const machines = policies.flatMap(({ rules }) => rules.flatMap((rule) => rule.machines ?? []));
  return new Map<string, Holder>([
    ...roles.map((role): [string, Holder] => [role, { role }]),
    ...machines.map((machine): [string, Holder] => [`machine ${machine}`, { machine }]),
  ]);
}

function modeLines(before: Policy, after: Policy): readonly string[] {
  if (before.mode === after.mode) return [];
  return after.mode === 'observe'
    ? ['everybody gains what the rules refuse: they are only observed from now on']
    : ['everybody loses what the rules refuse: they are enforced from now on'];
}

function roleLines(before: Policy, after: Policy): readonly string[] {
  const names = [...new Set([...before.roles.keys(), ...after.roles.keys()])];
  return names.flatMap((role) => {
    const [old, next] = [before.roles.get(role), after.roles.get(role)];
    if (old === undefined) return [`role ${role} is new, of ${(next ?? []).join(', ')}`];
    if (next === undefined) return [`role ${role} is gone, which was of ${old.join(', ')}`];
    const [gained, lost] = [next.filter((group) => !old.includes(group)), old.filter((group) => !next.includes(group))];
    return [
      ...(gained.length > 0 ? [`role ${role} is given to ${gained.join(', ')} as well`] : []),
      ...(lost.length > 0 ? [`role ${role} is taken from ${lost.join(', ')}`] : []),
    ];
  });
}

function budgetLines(before: Policy, after: Policy): readonly string[] {
  const names = [...new Set([...before.budgets.keys(), ...after.budgets.keys()])];
  const changed = names.filter((name) => JSON.stringify(before.budgets.get(name)) !== JSON.stringify(after.budgets.get(name)));
  return changed.map((name) => `the download budget of ${name} is another`);
}

/** By code units: the same everywhere, whatever the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
