// The weeks and months that are over, by the clinic's calendar.

import { firstHolding } from '../first-holding.ts';

export interface ReviewPeriod {
  /** `2026-11`, or the Monday of a week. */
  readonly name: string;
  readonly since: number;
  /** Not in it any more. */
  readonly until: number;
}

const dayMilliseconds = 86_400_000;
const quarterMilliseconds = 15 * 60_000;
/** Quarters of an hour: no place on earth is further from Greenwich. */
const mostOffset = 15 * 4;

type LocalDay = (now: number) => string;

export function lastMonth(now: number, localDay: LocalDay): ReviewPeriod {
  const first = `${localDay(now).slice(0, 7)}-01`;
  const before = dayOf(Date.parse(first) - dayMilliseconds).slice(0, 7);
  return { name: before, since: beginningOf(`${before}-01`, localDay), until: beginningOf(first, localDay) };
}

export function lastWeek(now: number, localDay: LocalDay): ReviewPeriod {
  const today = Date.parse(localDay(now));
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * dayMilliseconds;
  const name = dayOf(monday - 7 * dayMilliseconds);
  return { name, since: beginningOf(name, localDay), until: beginningOf(dayOf(monday), localDay) };
}

export type PeriodKind = 'triage' | 'monthly';

/** How far back reviews are made up for. */
const most = { triage: 12, monthly: 6 } as const;

/** The weeks or months that are over, the oldest first; no further back than anybody still looks into. */
export function pastPeriods(kind: PeriodKind, now: number, localDay: LocalDay): readonly ReviewPeriod[] {
  const before = kind === 'triage' ? lastWeek : lastMonth;
  const periods = [before(now, localDay)];
  while (periods.length < most[kind]) periods.unshift(...periods.slice(0, 1).map(({ since }) => before(since, localDay)));
  return periods;
}

/** A month that is named, such as `2026-11`; null where it is none. */
export function isMonth(text: string): boolean {
  return /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text);
}

/** The first moment of a day in the clinic; zones change by whole quarters of an hour. */
function beginningOf(day: string, localDay: LocalDay): number {
  const midnight = Date.parse(day);
  const at = (quarter: number): number => midnight + quarter * quarterMilliseconds;
  return at(firstHolding(-mostOffset, mostOffset, (quarter) => localDay(at(quarter)) >= day));
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
