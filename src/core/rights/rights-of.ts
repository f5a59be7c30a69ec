// What each role may do under one version of the rules, asked of the functions that decide in production: for every route
// that a rule or an area names, one example address is put to the rules as if somebody with that role alone had sent it.
// An example stands for its route; what differs only within one route is not told.

import { authorize } from '../policy/authorize.ts';
import { describeHours } from '../policy/hours.ts';
import { matchRule } from '../policy/match-rule.ts';
import type { Question } from '../policy/match-rule.ts';
import type { Method, ParameterDialect, Policy, Route, Rule } from '../policy/policy.ts';
import { indexRules } from '../policy/rule-index.ts';
import type { RuleIndex } from '../policy/rule-index.ts';
import type { TargetProfile } from '../target/canonical-target.ts';
import { canonicalize } from '../target/canonicalize.ts';
import { exampleOf } from './example-of.ts';

/** How one EHR reads what it is sent. */
export interface ReadingOf {
  readonly dialect: ParameterDialect;
  readonly profile: TargetProfile;
}

/** Of an application by its name; the gateway's own pages are application `wardgate`. */
export type ReadingsOf = (application: string) => ReadingOf;

/** One example address. */
export interface Example {
  readonly application: string;
  readonly method: Method;
  readonly path: string;
  readonly route: Pick<Route, 'query' | 'form'>;
  /** The area it belongs to, or its own pattern where it belongs to none. */
  readonly area: string;
}

/** What somebody may there, and on what terms; empty terms: freely. */
export interface Right {
  readonly rule: string;
  readonly terms: string;
}

/** A role, or `machine lab`. */
export type Holder = { readonly role: string } | { readonly machine: string };

const maxTargetBytes = 8192;

/** Every route of all these rules once, by each of its methods. */
export function examplesOf(policies: readonly Policy[]): readonly Example[] {
  const examples = new Map<string, Example>();
  for (const rule of policies.flatMap(({ rules }) => rules)) {
    for (const route of rule.routes) {
      const area = route.area ?? `${rule.application} ${route.pattern.source}`;
      const path = exampleOf(route.pattern);
      const place = JSON.stringify([rule.application, path, route.query, route.form, area]);
      for (const method of route.methods) {
        examples.set(`${method} ${place}`, { application: rule.application, method, path, route, area });
      }
    }
  }
  return [...examples.values()];
}

/** What the rules are asked for an example; null where its address is refused whatever they say. */
export function questionOf({ application, method, path, route }: Example, readingsOf: ReadingsOf): Question | null {
  const { dialect, profile } = readingsOf(application);
  const target = canonicalize(path, profile, maxTargetBytes);
  if ('reason' in target) return null;
  const [query, form] = [fieldsOf(route.query), fieldsOf(route.form)];
  return { application, method, target, query, form, webSocket: false, dialect, profile };
}

/** Asks one version of the rules again and again. */
export class RightsUnder {
  readonly #policy: Policy;
  readonly #index: RuleIndex;

  constructor(policy: Policy) {
    this.#policy = policy;
    this.#index = indexRules(policy);
  }

  /** The rule that the example belongs to, asked by `questionOf`; null where none lets anybody in. */
  ruleFor(question: Question | null): Rule | null {
    if (question === null) return null;
    const match = matchRule(this.#policy, this.#index, question);
    return match.match === 'rule' ? match.rule : null;
  }
}

/** What the rule gives this holder; null where it refuses them, wherever they stand and whatever the hour. */
export function rightUnder(rule: Rule | null, holder: Holder): Right | null {
  if (rule === null) return null;
  const [first] = rule.hours ?? [];
  const person = {
    roles: 'role' in holder ? [holder.role] : [],
    ...('machine' in holder ? { machine: holder.machine } : {}),
    zones: rule.zones ?? [],
    weekday: first?.days[0] ?? 1,
    minute: first?.fromMinute ?? 0,
    grantOpen: true,
  };
  const verdict = authorize(rule, person, false);
  return verdict.allow ? { rule: rule.name, terms: termsOf(rule, holder, verdict.viaEmergency) } : null;
}

function termsOf(rule: Rule, holder: Holder, viaEmergency: boolean): string {
  const mayExport = rule.exportRoles === null || 'machine' in holder || rule.exportRoles.includes(holder.role);
  const terms = [
    viaEmergency && 'in an emergency, with a reason',
    rule.zones !== null && `from ${rule.zones.join(' or ')}`,
    rule.hours !== null && describeHours(rule.hours),
    rule.freshFactorSeconds !== null && `confirmed within ${Math.round(rule.freshFactorSeconds / 60)} min`,
    rule.phishingResistant === true && 'with a passkey',
    rule.webSocket && 'live connections too',
    !mayExport && 'no downloads',
  ];
  return terms.filter((term) => term !== false).join(', ');
}

/** The fields that the route wants; one that must be absent is left out. */
function fieldsOf(conditions: Route['query']): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, readonly string[]>();
  for (const { name, expect } of conditions) {
    if (expect !== 'absent') fields.set(name, [expect === 'present' ? 'x' : expect.value]);
  }
  return fields;
}
