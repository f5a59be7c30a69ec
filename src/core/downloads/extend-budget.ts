// A stated reason doubles a person's budget until local midnight, once a day, where the rule file says `then: ask`.
// Writing the reason down, and its review, are the caller's.

import type { Budget } from '../policy/policy.ts';
import type { BudgetState } from './budget-state.ts';

/** Whether a reason would help: the rules ask for one, and none was given today. */
export function mayExtend(state: BudgetState, budget: Budget, day: string): boolean {
  return budget.then === 'ask' && state.extendedOn !== day;
}

/** Doubles the budget for this local day. The warnings begin again, because they speak of the new limits. */
export function extendBudget(state: BudgetState, day: string): BudgetState {
  return { ...state, extendedOn: day, warned: { files: null, patients: null, bytes: null } };
}

/** Takes an extension away again; the state itself where there was none. */
export function withdrawExtension(state: BudgetState): BudgetState {
  return state.extendedOn === null ? state : { ...state, extendedOn: null };
}
