// Which budget applies to a person: each of their roles brings its own, or everyone's; of several the widest holds,
// measure by measure. A person whose roles have none is not limited.

import type { Budget } from '../policy/policy.ts';

const mildness = { refuse: 0, ask: 1, slow: 2 } as const;

/** The budget of a person with these roles; null: none applies. `everyone` stands in for a role without one of its own. */
export function budgetFor(budgets: ReadonlyMap<string, Budget>, roles: readonly string[]): Budget | null {
  const everyone = budgets.get('everyone');
  const held = roles.length === 0 ? [everyone] : roles.map((role) => budgets.get(role) ?? everyone);
  const known = held.filter((budget) => budget !== undefined);
  return known.length < held.length ? null : widestBudget(known);
}

/** The widest of each measure; null where there is none at all. */
export function widestBudget(budgets: readonly Budget[]): Budget | null {
  const [first, ...more] = budgets;
  return first === undefined ? null : more.reduce(wider, first);
}

function wider(one: Budget, other: Budget): Budget {
  return {
    filesPerHour: larger(one.filesPerHour, other.filesPerHour),
    bytesPerDay: larger(one.bytesPerDay, other.bytesPerDay),
    patientsPerHour: larger(one.patientsPerHour, other.patientsPerHour),
    paceBytesPerSecond: larger(one.paceBytesPerSecond, other.paceBytesPerSecond),
    // oxlint-disable-next-line unicorn/no-thenable -- the word of the rule file; a string is never called by await
    then: mildness[other.then] > mildness[one.then] ? other.then : one.then,
  };
}

/** Null is unlimited, and so the larger of any two. */
function larger(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other);
}
