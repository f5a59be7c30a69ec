// The week of a PractitionerRole (`availableTime`) as shifts with dates: from the weeks that detectors learn from up to some weeks
// ahead, by which time the roster should have been exported again. Days of `notAvailable` have none.

import { readClock, writeWallTime } from '../../../core/relations/wall-time.ts';
import type { WallTime } from '../../../core/relations/wall-time.ts';
import { objectIn, objectsIn, textIn } from './fhir-json.ts';
import type { Json } from './fhir-json.ts';

export interface Shift {
  readonly from: string;
  readonly to: string;
}

const daysBack = 35;
const daysAhead = 56;
/** Times of one role that are read. */
const mostTimes = 21;
const dayMinutes = 1440;
const dayMilliseconds = 86_400_000;
/** As FHIR names them; 0 is Sunday. */
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Span {
  readonly days: readonly string[];
  readonly fromMinute: number;
  readonly minutes: number;
}

/** `today` is a day on the clinic's clock. What is no time of a week is counted in `unread`. */
export function weeklyShifts(
  role: Json,
  today: string,
  localOf: (time: string) => WallTime | null,
): { readonly shifts: readonly Shift[]; readonly unread: number } {
  const given = objectsIn(role, 'availableTime');
  const spans = given.slice(0, mostTimes).map(spanOf);
  const away = objectsIn(role, 'notAvailable').map((one) => daysOf(objectIn(one, 'during'), localOf));
  const shifts: Shift[] = [];
  for (let at = -daysBack; at <= daysAhead; at += 1) {
    const day = dayAfter(today, at);
    const name = dayNames[new Date(day).getUTCDay()] ?? '';
    if (away.some((one) => one !== null && one.from <= day && day <= one.to)) continue;
    for (const span of spans) if (span?.days.includes(name) === true) shifts.push(shiftOf(day, span));
  }
  return { shifts, unread: given.length - spans.filter((span) => span !== null).length };
}

export function shiftOf(day: string, { fromMinute, minutes }: Pick<Span, 'fromMinute' | 'minutes'>): Shift {
  const end = fromMinute + minutes;
  const to = writeWallTime(dayAfter(day, Math.floor(end / dayMinutes)), end % dayMinutes);
  return { from: writeWallTime(day, fromMinute), to };
}

/** One that ends no later than it begins ends on the next day. */
function spanOf(time: Json): Span | null {
  const named = Array.isArray(time['daysOfWeek']) ? time['daysOfWeek'] : [];
  const days = named.filter((one): one is string => typeof one === 'string' && dayNames.includes(one));
  if (days.length === 0) return null;
  if (time['allDay'] === true) return { days, fromMinute: 0, minutes: dayMinutes };
  const [from, to] = [readClock(textIn(time, 'availableStartTime')), readClock(textIn(time, 'availableEndTime'))];
  if (from === null || to === null) return null;
  return { days, fromMinute: from, minutes: to > from ? to - from : to - from + dayMinutes };
}

function daysOf(period: Json, localOf: (time: string) => WallTime | null): { from: string; to: string } | null {
  const [from, to] = ['start', 'end'].map((key) => localOf(textIn(period, key))?.day);
  return from === undefined || to === undefined ? null : { from, to };
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMilliseconds).toISOString().slice(0, 10);
}
