// Tells a person that their budget is used up: what it was, when it opens again, and whether a reason would help.

import type { Refusal } from '../answer.ts';
import type { Budget } from '../policy/policy.ts';
import type { BudgetState, Measure, Verdict } from './budget-state.ts';
import { mayExtend } from './extend-budget.ts';
import { reopensAt } from './reopens-at.ts';

/** The clinic's calendar: the local day as a sortable word, and a time of day as people read it. */
export interface LocalTime {
  readonly localDay: (at: number) => string;
  readonly formatTime: (at: number) => string;
}

/** Where a person states a reason for more. */
export const moreDownloadsPath = '/.wardgate/more-downloads';

type Refused = Extract<Verdict, { admit: false }>;

/** The details of a `budget-exhausted` refusal. */
export function explainOver(
  state: BudgetState,
  budget: Budget,
  refused: Refused,
  now: number,
  local: LocalTime,
): Omit<Refusal, 'kind' | 'reason'> {
  const at = reopensAt(state, refused, now, local.localDay);
  const when = at === null ? '' : `; it opens again at ${local.formatTime(at)}`;
  return {
    detail: `${whatIsOver(refused)}${when}`,
    ...(at === null ? {} : { retryAfterSeconds: Math.max(1, Math.ceil((at - now) / 1000)) }),
    ...(mayExtend(state, budget, local.localDay(now)) ? { remedy: moreDownloadsPath } : {}),
  };
}

/** One sentence without its full stop. */
export function whatIsOver({ over, limit, tooLarge }: Refused): string {
  return tooLarge ? 'This export is larger than your budget for a whole day' : sentences[over](limit);
}

const sentences: Readonly<Record<Measure, (limit: number) => string>> = {
  files: (limit) => `Your budget of ${limit} downloaded files an hour is used up`,
  patients: (limit) => `Your budget of ${limit} patients an hour is used up`,
  bytes: () => 'Your budget of downloaded data for today is used up',
};
