// Finds rules that overlap without one holding the other: an address that both take belongs to the one that stands first,
// which nobody sees by reading either of them. Nothing here changes a decision.

import type { FieldCondition, Method, Route, Rule } from '../core/policy/policy.ts';
import { covers } from './covers.ts';
import { examplePath } from './example-path.ts';
import type { Reading } from './reading.ts';
import { decidesAlike } from './rule-order.ts';
import type { PlacedRule } from './rule-order.ts';
import type { RulesFile } from './rules-schema.ts';

/** Pairs of rules, and of their routes, that are looked at; a file with more is longer than anybody reads. */
const mostPairs = 500_000;

/** Warns once of each pair of rules, with an address that shows it. */
export function warnOfOverlaps(rules: Reading<RulesFile>, placed: readonly PlacedRule[]): void {
  let pairs = 0;
  // Areas of presets overlap on purpose, such as the pictures and scripts of every page, and whoever wrote them knows.
  const isOwn = (index: number): boolean => rules.value.rules?.[index]?.paths !== undefined;
  for (const [position, { rule, index }] of placed.entries()) {
    for (const { rule: first, index: firstIndex } of placed.slice(0, position)) {
      pairs += 1;
      if (pairs > mostPairs) return;
      if (!isOwn(index) && !isOwn(firstIndex)) continue;
      if (first.application !== rule.application || decidesAlike(first, rule)) continue;
      pairs += first.routes.length * rule.routes.length;
      const both = overlapOf(routesOf(first, isOwn(firstIndex)), routesOf(rule, isOwn(index)));
      if (both === null) continue;
      const message =
        `Rule "${rule.name}" overlaps rule "${first.name}" (${first.at}): ${both} fits both, and "${first.name}" decides because it ` +
        `stands first; put the one first that is meant to decide there`;
      rules.warning(['rules', index], message);
    }
  }
}

/** What a preset knows wherever it stands, such as every logout, is no slip of whoever writes rules. */
function routesOf({ routes }: Rule, isOwn: boolean): readonly Route[] {
  return isOwn ? routes : routes.filter(({ pattern }) => !pattern.segments.slice(0, -1).some(({ kind }) => kind === 'rest'));
}

function overlapOf(first: readonly Route[], routes: readonly Route[]): string | null {
  for (const route of routes) {
    for (const earlier of first) {
      const method = commonMethod(earlier, route);
      if (method === null || contradict(earlier, route)) continue;
      const path = examplePath(earlier.pattern, route.pattern);
      // Where one holds the other, the narrower first is how rules are meant to be written, and the wider first is told elsewhere.
      if (path === null || covers(earlier.pattern, route.pattern) || covers(route.pattern, earlier.pattern)) continue;
      return `${method} ${path}`;
    }
  }
  return null;
}

function commonMethod(a: Route, b: Route): Method | null {
  return a.methods.find((method) => b.methods.includes(method)) ?? null;
}

/** Whether the conditions of the two can never both hold. */
function contradict(a: Route, b: Route): boolean {
  return opposed(a.query, b.query) || opposed(a.form, b.form);
}

function opposed(a: readonly FieldCondition[], b: readonly FieldCondition[]): boolean {
  return a.some(({ name, expect }) => b.some((other) => other.name === name && excludes(expect, other.expect)));
}

function excludes(a: FieldCondition['expect'], b: FieldCondition['expect']): boolean {
  if (a === 'absent' || b === 'absent') return a !== b;
  return typeof a === 'object' && typeof b === 'object' && a.value !== b.value;
}
