// Looks at the rules together for what is allowed but surely not meant: rules that can never be reached, conditions that
// a wider rule undoes, patients' data for everyone, roles that nothing names. Nothing here changes a decision.

import { ownApplication } from './application-settings.ts';
import type { DenyAlways, FieldCondition, Method, Route, Rule } from '../core/policy/policy.ts';
import { covers } from './covers.ts';
import type { Reading } from './reading.ts';
import { roleNames } from './roles.ts';
import { decidesAlike, warnOfOrder } from './rule-order.ts';
import { warnOfOverlaps } from './rule-overlaps.ts';
import type { PlacedRule } from './rule-order.ts';
import type { RulesFile } from './rules-schema.ts';

type Rules = Reading<RulesFile>;

export function warnOfRules(rules: Rules, placed: readonly PlacedRule[], denyAlways: readonly DenyAlways[]): void {
  const all = placed.map(({ rule }) => rule);
  const inAreas = namedInAreas(rules);
  warnOfOrder(rules, placed);
  warnOfOverlaps(rules, placed);
  for (const [position, { rule, index }] of placed.entries()) {
    warnOfWiderRule(rules, { rule, index }, inAreas, () => all.slice(position + 1));
    warnOfRoles(rules, rule, index);
    warnOfEveryone(rules, rule, index);
    warnOfDenied(rules, rule, index, denyAlways);
  }
  warnOfUnusedRoles(rules);
  warnOfUnusedAreas(rules);
}

/** PHP takes any truthy value, so `send=2` may do what `send=1` does, and it would fall to the wider rule. */
function warnOfWiderRule(
  rules: Rules,
  { rule, index }: PlacedRule,
  inAreas: ReadonlySet<string>,
  later: () => readonly Rule[],
): void {
  const here = new Set([...inAreas, ...namesIn(rules.value.rules?.[index]?.when)]);
  for (const route of rule.routes) {
    for (const condition of [...route.query, ...route.form]) {
      if (typeof condition.expect === 'string' || !here.has(condition.name)) continue;
      const wider = later().find(
        (other) => other.application === rule.application && other.routes.some((next) => opens(next, route, condition)),
      );
      if (wider === undefined || !letsInMore(wider, rule)) continue;
      const message =
        `Rule "${rule.name}" asks for ${condition.name}=${condition.expect.value}, and with any other value the request falls to rule ` +
        `"${wider.name}" (${wider.at}); an EHR may take any value for yes, so write ${condition.name}: present`;
      rules.warning(['rules', index, 'when'], message);
      return;
    }
  }
}

/** Names in conditions of areas of one's own. What a preset asks for was weighed by its author, and IT cannot change it. */
function namedInAreas(rules: Rules): ReadonlySet<string> {
  const entries = Object.values(rules.value.areas ?? {}).flat();
  return new Set(entries.flatMap((entry) => (typeof entry === 'string' ? [] : namesIn(entry.when))));
}

function namesIn(when: { readonly query?: object | undefined; readonly form?: object | undefined } | undefined): string[] {
  return Object.keys({ ...when?.query, ...when?.form });
}

function opens(next: Route, route: Route, condition: FieldCondition): boolean {
  const named = [...next.query, ...next.form].some(({ name }) => name === condition.name);
  return !named && covers(next.pattern, route.pattern) && route.methods.some((method) => next.methods.includes(method));
}

/** False where the later rule only lets in people whom the earlier one lets in on the same terms. */
function letsInMore(later: Rule, earlier: Rule): boolean {
  const { allow } = earlier;
  const machines = earlier.machines ?? [];
  if ((later.machines ?? []).some((name) => !machines.includes(name))) return true;
  if (allow !== 'everyone' && (later.allow === 'everyone' || later.allow.some((role) => !allow.includes(role)))) return true;
  return !decidesAlike({ ...later, allow, machines }, earlier);
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

/** What presets and samples call data about patients; a category of one's own is not judged. */
const clinical = new Set(['chart', 'documents', 'images', 'demographics', 'correspondence', 'billing', 'report', 'bulk']);

function warnOfEveryone(rules: Rules, rule: Rule, index: number): void {
  if (rule.allow !== 'everyone') return;
  const at = ['rules', index, 'allow'];
  if (rule.application === ownApplication) {
    rules.warning(at, `Rule "${rule.name}" lets everyone into the console, which shows who opened which chart; name the roles`);
    return;
  }
  const whole = rule.routes.find(({ pattern }) => pattern.segments.every(({ kind }) => kind === 'rest'));
  if (whole !== undefined) {
    const message = `Rule "${rule.name}" lets everyone open every page of "${rule.application}" that no rule before it takes (${whole.pattern.source}); name the roles`;
    rules.warning(at, message);
    return;
  }
  const route = rule.routes.find(({ category, patient }) => patient.length > 0 || (category !== null && clinical.has(category)));
  if (route === undefined) return;
  const what = route.category ?? 'what belongs to a patient';
  rules.warning(at, `Rule "${rule.name}" lets everyone open ${what} (${route.pattern.source}); name the roles that need it`);
}

/** What is denied always comes before every rule. */
function warnOfDenied(rules: Rules, rule: Rule, index: number, denyAlways: readonly DenyAlways[]): void {
  const denies = (route: Route, method: Method): DenyAlways | undefined =>
    denyAlways.find(
      ({ application, pattern, methods, query }) =>
        application === rule.application &&
        query.length === 0 &&
        (methods === null || methods.includes(method)) &&
        covers(pattern, route.pattern),
    );
  const ways = rule.routes.flatMap((route) => route.methods.map((method) => denies(route, method)));
  const [first] = ways;
  if (first === undefined || ways.includes(undefined)) return;
  const message = `Rule "${rule.name}" is never reached: everything it names is denied always (${first.at}); take it out of one of the two`;
  rules.warning(['rules', index], message);
}

function warnOfUnusedRoles(rules: Rules): void {
  const entries = rules.value.rules ?? [];
  const used = new Set(entries.flatMap((entry) => [...entry.allow, ...(entry.emergency ?? [])]));
  const exporting = new Set(entries.flatMap((entry) => entry.export ?? []));
  const rest = used.has('everyone') ? ', so its people may open what everyone may, and no more' : '';
  for (const name of roleNames(rules) ?? []) {
    // One that may export what it may not open has been told of.
    if (!used.has(name) && !exporting.has(name)) rules.warning(['roles', name], `Role "${name}" is named by no rule${rest}`);
  }
}

/** Only areas that IT wrote itself: nobody needs all of a preset's. */
function warnOfUnusedAreas(rules: Rules): void {
  const used = (rules.value.rules ?? []).flatMap((entry) => entry.area ?? []);
  for (const name of Object.keys(rules.value.areas ?? {})) {
    if (used.some((area) => area === name || area.endsWith(`.${name}`) || name.endsWith(`.${area}`))) continue;
    rules.warning(['areas', name], `Area "${name}" is named by no rule`);
  }
}
