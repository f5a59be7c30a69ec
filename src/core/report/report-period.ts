// The period of a report in the clinic's time: a month, or from one time to another. Half open, so that two months that follow
// each other count nothing twice.

import { atWallClock } from '../time/at-wall-clock.ts';
import type { Period } from './report.ts';

const day = /^\d{4}-\d{2}-\d{2}$/;
const dayMilliseconds = 86_400_000;
const written = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** `2026-10` by the clinic's clock; null where it is no month. */
export function monthPeriod(month: string, timezone: string): Period | null {
  const match = written.exec(month);
  if (match === null) return null;
  const [year, number] = [Number(match[1]), Number(match[2])];
  const at = (months: number): number => atWallClock(Date.UTC(year, number - 1 + months, 1), timezone);
  return { since: at(0), until: at(1), month };
}

/** From the beginning of one day to the end of another by the clinic's clock; null where they are none, or the wrong way round. */
export function spanPeriod(from: string, to: string, timezone: string): Period | null {
  const [first, last] = [from, to].map((text) => (day.test(text) ? Date.parse(`${text}T00:00Z`) : Number.NaN));
  if (first === undefined || last === undefined || !(last >= first)) return null;
  return { since: atWallClock(first, timezone), until: atWallClock(last + dayMilliseconds, timezone), month: null };
}

/** The month before the one that it is in the clinic now. */
export function lastMonth(now: number, timezone: string): Period {
  const [year = 0, month = 0] = dayIn(now, timezone).split('-').map(Number);
  const name = new Date(Date.UTC(year, month - 2, 1)).toISOString().slice(0, 7);
  return monthPeriod(name, timezone) ?? { since: 0, until: now, month: null };
}

/** `2026-10-01` of a time by the clinic's clock. */
function dayIn(time: number, timezone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(time);
}
