// The days of a period by the clinic's wall clock; one on which the clock is changed has an hour more or less.

import { atWallClock } from '../time/at-wall-clock.ts';
import type { Period } from './report.ts';

export interface PeriodDay extends Pick<Period, 'since' | 'until'> {
  /** `2026-10-01`. */
  readonly day: string;
}

const dayMilliseconds = 86_400_000;

/** In order, at most `most`; the first and the last only as far as they lie in the period. */
export function periodDays(
  { since, until }: Pick<Period, 'since' | 'until'>,
  timezone: string,
  most: number,
): readonly PeriodDay[] {
  const days: PeriodDay[] = [];
  const [year = 0, month = 0, date = 0] = dayIn(since, timezone).split('-').map(Number);
  for (let shown = Date.UTC(year, month - 1, date); days.length < most; shown += dayMilliseconds) {
    const [begins, ends] = [atWallClock(shown, timezone), atWallClock(shown + dayMilliseconds, timezone)];
    if (begins >= until) break;
    days.push({ day: new Date(shown).toISOString().slice(0, 10), since: Math.max(begins, since), until: Math.min(ends, until) });
  }
  return days;
}

function dayIn(time: number, timezone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(time);
}
