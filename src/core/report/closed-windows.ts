// The times of a period in which the clinic is closed, by its hours and its wall clock, whatever summer time does to them.

import { withinHours } from '../policy/hours.ts';
import type { HoursSpan } from '../policy/policy.ts';
import type { Period } from './report.ts';

/** Epoch milliseconds, half open. */
export type ClosedWindow = Pick<Period, 'since' | 'until'>;

/** Weekday 0 is Sunday; minutes after midnight. */
export type LocalTime = (at: number) => { readonly weekday: number; readonly minute: number };

const minuteMilliseconds = 60_000;
/** Clocks are changed at such moments only, so within one the wall clock is asked once. */
const quarterMilliseconds = 15 * minuteMilliseconds;
const minutesOfDay = 1440;

/** In order. One that the period cuts begins or ends with it. Without hours there is none: nobody can tell. */
export function closedWindows(
  { since, until }: ClosedWindow,
  hours: readonly HoursSpan[],
  localTime: LocalTime,
): readonly ClosedWindow[] {
  if (hours.length === 0) return [];
  const windows: ClosedWindow[] = [];
  let begun: number | null = null;
  const isOpen = openAt(hours, localTime);
  for (let at = floorTo(since, minuteMilliseconds); at < until; at += minuteMilliseconds) {
    if (!isOpen(at)) begun ??= Math.max(at, since);
    else if (begun !== null) {
      windows.push({ since: begun, until: at });
      begun = null;
    }
  }
  return begun === null ? windows : [...windows, { since: begun, until }];
}

/** Asked minute by minute, in order. */
function openAt(hours: readonly HoursSpan[], localTime: LocalTime): (at: number) => boolean {
  let known = { quarter: NaN, weekday: 0, minute: 0 };
  return (at) => {
    const quarter = floorTo(at, quarterMilliseconds);
    if (quarter !== known.quarter) known = { quarter, ...localTime(quarter) };
    const minute = known.minute + (at - quarter) / minuteMilliseconds;
    return withinHours(hours, (known.weekday + Math.floor(minute / minutesOfDay)) % 7, minute % minutesOfDay);
  };
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
