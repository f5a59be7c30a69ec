// Which download budget a machine has: its own, or everyone's. It cannot state a reason, so over its budget it is refused
// where a person would be asked for one.

import type { Budget, Policy } from '../policy/policy.ts';

/** Null: none applies. */
export function machineBudget(
  { budgets, machineBudgets }: Pick<Policy, 'budgets' | 'machineBudgets'>,
  name: string,
): Budget | null {
  const budget = machineBudgets?.get(name) ?? budgets.get('everyone') ?? null;
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the rule file; a string is never called by await
  return budget?.then === 'ask' ? { ...budget, then: 'refuse' } : budget;
}
