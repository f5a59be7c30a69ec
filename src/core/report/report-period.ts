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
  return match === null ? null : monthOf(Number(match[1]), Number(match[2]) - 1, timezone);
}

/** The month before the one that it is in the clinic now. */
export function lastMonth(now: number, timezone: string): Period {
  const [year, month] = [dayIn(now, timezone).slice(0, 4), dayIn(now, timezone).slice(5, 7)].map(Number) as [number, number];
  return monthOf(year, month - 2, timezone);
}

/** From the beginning of one day to the end of another by the clinic's clock; null where they are none, or the wrong way round. */
export function spanPeriod(from: string, to: string, timezone: string): Period | null {
  const [first, last] = [from, to].map((text) => (day.test(text) ? Date.parse(`${text}T00:00Z`) : Number.NaN));
  if (first === undefined || last === undefined || !(last >= first)) return null;
  return { since: atWallClock(first, timezone), until: atWallClock(last + dayMilliseconds, timezone), month: null };
}

/** From the same day of the calendar so many years ago to now, so that nothing of six years is lost to leap days. */
export function yearsBack(now: number, years: number): Period {
  const at = new Date(now);
  return { since: at.setUTCFullYear(at.getUTCFullYear() - years), until: now, month: null };
}

/** `month` counts from 0 and may lie outside the year. */
function monthOf(year: number, month: number, timezone: string): Period {
  const at = (months: number): number => atWallClock(Date.UTC(year, month + months, 1), timezone);
  return { since: at(0), until: at(1), month: new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7) };
}

/** `2026-10-01` of a time by the clinic's clock. */
function dayIn(time: number, timezone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(time);
}
