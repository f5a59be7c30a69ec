// Looks at the order of the rules: which of them take what a later one names, and why they do. Nothing here changes a
// decision.

import type { FieldCondition, Method, Route, Rule } from '../core/policy/policy.ts';
import { GrowingShelf, onTheWay, plainWords } from '../core/policy/pattern-shelf.ts';
import { covers } from './covers.ts';
import type { Reading } from './reading.ts';
import type { RulesFile } from './rules-schema.ts';

/** A rule and where it stands in the file. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly index: number;
}

interface Taken {
  readonly route: Route;
  readonly method: Method;
  readonly by: Rule;
  /** The route of that rule which takes it. */
  readonly wider: Route;
}

/** Warns of rules that are never reached, and of parts of a rule that another one before it decides otherwise. */
export function warnOfOrder(rules: Reading<RulesFile>, placed: readonly PlacedRule[]): void {
  const earlier = new EarlierRules();
  for (const one of placed) {
    const { rule, index } = one;
    const ways = rule.routes.flatMap((route) => route.methods.map((method) => ({ route, method })));
    const taken = ways.flatMap(({ route, method }) => earlier.taker(rule, route, method) ?? []);
    const message = ways.length > 0 && taken.length === ways.length ? neverReached(rule, taken) : partlyReached(rule, taken);
    if (message !== null) rules.warning(['rules', index], message);
    earlier.add(one);
  }
}

/** The rules gone through so far, by what their paths begin with, so that each is compared with the few that may cover it. */
class EarlierRules {
  readonly #shelves = new Map<string, GrowingShelf<EarlierWay>>();

  add({ rule, index }: PlacedRule): void {
    const shelf = this.#shelves.get(rule.application) ?? new GrowingShelf();
    this.#shelves.set(rule.application, shelf);
    for (const route of rule.routes) shelf.put(plainWords(route.pattern), { at: index, entry: { rule, route } });
  }

  /** The first that takes what goes this way into the rule. */
  taker({ application }: Rule, route: Route, method: Method): Taken | undefined {
    const shelf = this.#shelves.get(application);
    if (shelf === undefined) return undefined;
    const found = onTheWay(shelf, plainWords(route.pattern)).find(({ entry }) => takes(entry.route, route, method))?.entry;
    return found === undefined ? undefined : { route, method, by: found.rule, wider: found.route };
  }
}

interface EarlierWay {
  readonly rule: Rule;
  readonly route: Route;
}

/** Every way into the rule belongs to an earlier one of its application already. */
function neverReached(rule: Rule, taken: readonly Taken[]): string {
  const names = [...new Set(taken.map(({ by }) => `rule "${by.name}" (${by.at})`))];
  const whys = taken.map(whyTaken).filter((why) => why !== '');
  return `Rule "${rule.name}" is never reached: everything it names belongs to ${names.join(' and ')} before it${whys[0] ?? ''}`;
}

/** One way in that is decided otherwise; the others are most likely taken for the same reason. */
function partlyReached(rule: Rule, taken: readonly Taken[]): string | null {
  const other = taken.filter(({ by }) => !decidesAlike(by, rule));
  const [first] = other;
  if (first === undefined) return null;
  const { route, method, by } = first;
  const more = other.length === 1 ? '' : ` and ${other.length - 1} more`;
  const fix = `write "${rule.name}" before "${by.name}" if it is meant to decide`;
  const what = `${method} ${route.pattern.source}${more}`;
  return `Rule "${rule.name}" is not reached for ${what}, which rule "${by.name}" (${by.at}) takes before it${whyTaken(first)}; ${fix}`;
}

/** What makes a rule take more than it seems to name; '' where it names just that. */
function whyTaken({ route, method, wider }: Taken): string {
  const [wanted, given] = [wider.pattern.segments, route.pattern.segments];
  if (!wider.methods.includes(method)) return `, because GET includes ${method}`;
  if (wanted.at(-1)?.kind === 'rest' && wanted.length === given.length + 1) {
    return `, because ${wider.pattern.source} takes ${route.pattern.source} too`;
  }
  const at = wanted.findIndex(({ kind }) => kind !== 'literal');
  const [piece, literal] = [wanted[at], given[at]];
  const open = piece?.kind === 'name' || piece?.kind === 'star';
  return open && literal?.kind === 'literal'
    ? `, because ${wider.pattern.source.split('/')[at + 1]} takes "${literal.text}" too`
    : '';
}

/** Whether it makes no difference which of the two is asked. */
export function decidesAlike(a: Rule, b: Rule): boolean {
  return termsOf(a) === termsOf(b);
}

/** In a long file every rule is compared with many. */
const known = new WeakMap<Rule, string>();

function termsOf(rule: Rule): string {
  const before = known.get(rule);
  if (before !== undefined) return before;
  const { allow, exportRoles, emergencyRoles, zones, machines = [] } = rule;
  const { hours, freshFactorSeconds, phishingResistant = false, webSocket, hold = true } = rule;
  const named = [allow, exportRoles, emergencyRoles, zones, machines];
  const terms = JSON.stringify([
    named.map((names) => (Array.isArray(names) ? names.toSorted(byText) : names)),
    [hours, freshFactorSeconds, phishingResistant, webSocket, hold],
  ]);
  known.set(rule, terms);
  return terms;
}

function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function takes(wider: Route, route: Route, method: Method): boolean {
  const includes = wider.methods.includes(method) || (method === 'HEAD' && wider.methods.includes('GET'));
  return includes && covers(wider.pattern, route.pattern) && within(wider.query, route.query) && within(wider.form, route.form);
}

/** Every condition of the wider route is also one of the narrower. */
function within(wider: readonly FieldCondition[], narrower: readonly FieldCondition[]): boolean {
  return wider.every((condition) => narrower.some((other) => implies(other, condition)));
}

/** A field that must hold a value is there. */
function implies(narrower: FieldCondition, wider: FieldCondition): boolean {
  if (narrower.name !== wider.name) return false;
  const same = JSON.stringify(narrower.expect) === JSON.stringify(wider.expect);
  return same || (wider.expect === 'present' && typeof narrower.expect === 'object');
}
