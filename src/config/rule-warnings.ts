// Looks at the rules together for what is allowed but surely not meant: rules that can never be reached, conditions that
// a wider rule undoes, roles that nothing names. Nothing here changes a decision.

import type { FieldCondition, Method, Route, Rule } from '../core/policy/policy.ts';
import { covers } from './covers.ts';
import type { Reading } from './reading.ts';
import { roleNames } from './roles.ts';
import type { RulesFile } from './rules-schema.ts';

type Rules = Reading<RulesFile>;

/** A rule and where it stands in the file. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly index: number;
}

export function warnOfRules(rules: Rules, placed: readonly PlacedRule[]): void {
  const all = placed.map(({ rule }) => rule);
  const earlier = new EarlierRules();
  for (const [position, one] of placed.entries()) {
    const { rule, index } = one;
    warnIfUnreachable(rules, rule, index, earlier);
    warnOfWiderRule(rules, rule, index, () => all.slice(position + 1));
    warnOfRoles(rules, rule, index);
    earlier.add(one);
  }
  warnOfUnusedRoles(rules);
  warnOfUnusedAreas(rules);
}

/** The rules gone through so far, by what their paths begin with, so that each is compared with the few that may cover it. */
class EarlierRules {
  readonly #byStart = new Map<string, PlacedRule[]>();

  add(placed: PlacedRule): void {
    for (const start of new Set(placed.rule.routes.map((route) => startOf(placed.rule, route)))) {
      const rules = this.#byStart.get(start) ?? [];
      rules.push(placed);
      this.#byStart.set(start, rules);
    }
  }

  /** The first that takes what goes this way into the rule. */
  taker(rule: Rule, route: Route, method: Method): Rule | undefined {
    const lists = [startOf(rule, route), anyStart(rule)].map((start) => this.#byStart.get(start) ?? []);
    const takers = lists.flatMap(
      (list) => list.find((other) => other.rule.routes.some((wider) => takes(wider, route, method))) ?? [],
    );
    return takers.toSorted((a, b) => a.index - b.index)[0]?.rule;
  }
}

function anyStart({ application }: Rule): string {
  return JSON.stringify([application]);
}

function startOf(rule: Rule, { pattern }: Route): string {
  const [first] = pattern.segments;
  return first?.kind === 'literal' ? JSON.stringify([rule.application, first.text]) : anyStart(rule);
}

/** Every way into the rule belongs to an earlier one of its application already. */
function warnIfUnreachable(rules: Rules, rule: Rule, index: number, earlier: EarlierRules): void {
  const ways = rule.routes.flatMap((route) => route.methods.map((method) => ({ route, method })));
  const takers = ways.map(({ route, method }) => earlier.taker(rule, route, method));
  if (takers.length === 0 || takers.includes(undefined)) return;
  const names = [...new Set(takers.map((taker) => (taker === undefined ? '' : `rule "${taker.name}" (${taker.at})`)))];
  rules.warning(
    ['rules', index],
    `Rule "${rule.name}" is never reached: everything it names belongs to ${names.join(' and ')} before it`,
  );
}

function takes(wider: Route, route: Route, method: Method): boolean {
  const includes = wider.methods.includes(method) || (method === 'HEAD' && wider.methods.includes('GET'));
  return includes && covers(wider.pattern, route.pattern) && within(wider.query, route.query) && within(wider.form, route.form);
}

/** Every condition of the wider route is also one of the narrower. */
function within(wider: readonly FieldCondition[], narrower: readonly FieldCondition[]): boolean {
  return wider.every((condition) => narrower.some((other) => sameCondition(condition, other)));
}

function sameCondition(a: FieldCondition, b: FieldCondition): boolean {
  return a.name === b.name && JSON.stringify(a.expect) === JSON.stringify(b.expect);
}

/** PHP takes any truthy value, so `send=2` may do what `send=1` does, and it would fall to the wider rule. */
function warnOfWiderRule(rules: Rules, rule: Rule, index: number, later: () => readonly Rule[]): void {
  for (const route of rule.routes) {
    for (const condition of [...route.query, ...route.form]) {
      if (typeof condition.expect === 'string') continue;
      const wider = later().find(
        (other) => other.application === rule.application && other.routes.some((next) => opens(next, route, condition)),
      );
      if (wider === undefined) continue;
      const message =
        `Rule "${rule.name}" asks for ${condition.name}=${condition.expect.value}, and with any other value the request falls to rule ` +
        `"${wider.name}" (${wider.at}); an EHR may take any value for yes, so write ${condition.name}: present`;
      rules.warning(['rules', index, 'when'], message);
      return;
    }
  }
}

function opens(next: Route, route: Route, condition: FieldCondition): boolean {
  const named = [...next.query, ...next.form].some(({ name }) => name === condition.name);
  return !named && covers(next.pattern, route.pattern) && route.methods.some((method) => next.methods.includes(method));
}

function warnOfRoles(rules: Rules, rule: Rule, index: number): void {
  const { allow } = rule;
  const already = rule.emergencyRoles.find((role) => allow === 'everyone' || allow.includes(role));
  if (already !== undefined) {
    rules.warning(
      ['rules', index, 'emergency'],
      `Rule "${rule.name}" allows role "${already}" already, so emergency is not needed for it`,
    );
  }
  const shutOut = (rule.exportRoles ?? []).find(
    (role) => allow !== 'everyone' && !allow.includes(role) && !rule.emergencyRoles.includes(role),
  );
  if (shutOut !== undefined) {
    rules.warning(['rules', index, 'export'], `Rule "${rule.name}" lets role "${shutOut}" export what it may not open`);
  }
}

function warnOfUnusedRoles(rules: Rules): void {
  const used = new Set(
    (rules.value.rules ?? []).flatMap((entry) => [...entry.allow, ...(entry.export ?? []), ...(entry.emergency ?? [])]),
  );
  for (const name of roleNames(rules) ?? []) {
    if (!used.has(name) && !used.has('everyone')) rules.warning(['roles', name], `Role "${name}" is named by no rule`);
  }
}

/** Only areas that IT wrote itself: nobody needs all of a preset's. */
function warnOfUnusedAreas(rules: Rules): void {
  const used = (rules.value.rules ?? []).flatMap((entry) => entry.area ?? []);
  for (const name of Object.keys(rules.value.areas ?? {})) {
    if (used.some((area) => area === name || area.endsWith(`.${name}`))) continue;
    rules.warning(['areas', name], `Area "${name}" is named by no rule`);
  }
}
