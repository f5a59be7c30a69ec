// When a business day is over that follows a moment, by the clinic's hours and holidays.

import type { HoursSpan } from '../policy/policy.ts';

export interface BusinessCalendar {
  /** Empty: Monday to Friday, the whole day. */
  readonly hours: readonly HoursSpan[];
  /** `2026-12-25`. */
  readonly holidays: readonly string[];
  readonly localTime: (at: number) => { readonly weekday: number; readonly minute: number };
  readonly localDay: (at: number) => string;
}

const quarterMilliseconds = 15 * 60_000;
/** Quarters of an hour looked through; a clinic that is closed for longer has the last of them. */
const mostQuarters = 60 * 96;
const lastMinute = 23 * 60 + 45;
const weekend: readonly number[] = [0, 6];

/** The end of the first business day behind the day on which it happened. */
export function withinBusinessDay(happenedAt: number, { hours, holidays, localTime, localDay }: BusinessCalendar): number {
  const day = localDay(happenedAt);
  let at = Math.ceil(happenedAt / quarterMilliseconds) * quarterMilliseconds;
  for (let quarter = 0; quarter < mostQuarters; quarter += 1) {
    const { weekday, minute } = localTime(at);
    const closes = closing(hours, weekday);
    const today = localDay(at);
    if (closes !== null && today > day && !holidays.includes(today) && minute >= closes) return at;
    at += quarterMilliseconds;
  }
  return at;
}

/** Null on a day on which the clinic is closed. */
function closing(hours: readonly HoursSpan[], weekday: number): number | null {
  if (hours.length === 0) return weekend.includes(weekday) ? null : lastMinute;
  const spans = hours.filter(({ days }) => days.includes(weekday));
  if (spans.length === 0) return null;
  const ends = spans.map(({ fromMinute, toMinute }) => (toMinute < fromMinute ? lastMinute : toMinute));
  return Math.min(Math.max(...ends), lastMinute);
}
