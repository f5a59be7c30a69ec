// Says when a used-up budget opens again: as the oldest file or patient leaves its hour, or at local midnight.

import { firstHolding } from '../first-holding.ts';
import { hourMilliseconds, maximumKept, withinHour } from './budget-state.ts';
import type { BudgetState, Verdict } from './budget-state.ts';

/** The longest a local day can still last, with a clock change in it. */
const longestDaySeconds = 26 * 3600;

/** Epoch milliseconds; null where waiting does not help (a limit of nothing, a reply larger than a whole day's budget). */
export function reopensAt(
  state: BudgetState,
  refused: Extract<Verdict, { admit: false }>,
  now: number,
  localDay: (at: number) => string,
): number | null {
  if (refused.limit === 0 || refused.tooLarge) return null;
  if (refused.over === 'bytes') return nextDayStarts(now, localDay);
  const times = refused.over === 'files' ? state.files.map((file) => file.at) : [...state.patients.values()];
  const counted = times.filter((at) => withinHour(at, now)).sort((one, other) => one - other);
  const leaves = counted.at(-Math.min(refused.limit, maximumKept));
  return leaves === undefined ? null : leaves + hourMilliseconds;
}

/** The first second of the next local day, whatever the clocks do in between. */
export function nextDayStarts(now: number, localDay: (at: number) => string): number {
  const today = localDay(now);
  const from = Math.floor(now / 1000);
  const isLater = (seconds: number): boolean => localDay((from + seconds) * 1000) !== today;
  return (from + firstHolding(0, longestDaySeconds, isLater)) * 1000;
}
