// How much of their budgets a person has used, so that they see the end coming before a refusal tells them.

import type { Budget } from '../policy/policy.ts';
import { bytesOn, limitOf, nearlyUsed, withinHour } from './budget-state.ts';
import type { BudgetState, Measure } from './budget-state.ts';

/** `used` and `limit` count files, patients or bytes; `nearlyUsed` from 80 % on. */
export interface UsedBudget {
  readonly measure: Measure;
  readonly used: number;
  readonly limit: number;
  readonly nearlyUsed: boolean;
}

/** The measures that have a limit. `day` is the local day. */
export function usedSoFar(state: BudgetState, budget: Budget, now: number, day: string): readonly UsedBudget[] {
  const used: Readonly<Record<Measure, number>> = {
    files: state.files.filter(({ at }) => withinHour(at, now)).length,
    patients: [...state.patients.values()].filter((at) => withinHour(at, now)).length,
    bytes: bytesOn(state, day),
  };
  return (['files', 'patients', 'bytes'] as const).flatMap((measure) => {
    const limit = limitOf(budget, state, measure, day);
    if (limit === null) return [];
    return [{ measure, used: used[measure], limit, nearlyUsed: nearlyUsed(used[measure], limit) }];
  });
}
