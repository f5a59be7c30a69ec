// A chart opened outside the clinic's hours by somebody who hardly ever works at such an hour. Whoever has the night, or ends
// the day at home, is not asked, and whoever is new is judged by the clinic's hours alone.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import type { RelationContext } from './relation-context.ts';
import { Remembered } from './remembered.ts';
import type { LocalMoment } from './seen.ts';

/** Days on which they opened charts, from which on their own hours count. */
const knownAfterDays = 20;
const mostPeople = 5000;
const hoursOfADay = 24;
/** A night has two dates, and is told once. */
const sameNightMilliseconds = 12 * 3_600_000;

interface Habits {
  /** Days on which they opened a chart in that hour; of working days first, then of weekends. */
  readonly days: Uint16Array;
  /** The last of them, so that a day counts once. */
  readonly last: string[];
  known: number;
  lastDay: string;
  toldAt: number;
  /** Of this time outside the hours: when the last chart was opened, how many visits of these days lead to, and how many not. */
  readonly night: { at: number; led: number; other: number };
}

/** An hour is theirs that they, or one beside it, worked in on at least `usualFromDays` days before. */
export function afterHours({ usualFromDays }: NonNullable<DetectorSettings['after-hours']>): Detector {
  const people = new Remembered(mostPeople, nothingKnown);
  return ({ event, person, local, time }, told) => {
    if (event !== 'chart-opened' || person === null) return null;
    const habits = people.of(person.key);
    const known = habits.known >= knownAfterDays;
    const theirs = known && daysAround(habits, local) >= usualFromDays;
    learn(habits, local);
    const works = atWork(habits.night, time, local.open, told);
    const onShift = told?.relations?.roster.isOnShift(person.name, local.day, local.minute) === true;
    // Whoever writes up a patient of their own of these days works, be it at night.
    const own = told?.explanation?.state === 'explained' && told.explanation.own;
    if (local.open || theirs || onShift || own || works || time - habits.toldAt < sameNightMilliseconds) return null;
    habits.toldAt = time;
    const words = known
      ? 'Charts opened outside the hours of the clinic, at an hour at which they hardly ever work'
      : 'Charts opened outside the hours of the clinic; their own hours are not known yet';
    return { detector: 'after-hours', person, patient: null, words };
  };
}

function nothingKnown(): Habits {
  return {
    days: new Uint16Array(2 * hoursOfADay),
    last: [],
    known: 0,
    lastDay: '',
    toldAt: -Infinity,
    night: { at: -Infinity, led: 0, other: 0 },
  };
}

/**
 * Whether most of the charts of this night are those to which a visit of these days leads: whoever stands in for somebody opens
 * such ones, and whoever is curious does not. The first chart alone can be enough to ask.
 */
function atWork(night: Habits['night'], time: number, open: boolean, told: RelationContext | undefined): boolean {
  if (open) return false;
  if (time - night.at > sameNightMilliseconds) Object.assign(night, { led: 0, other: 0 });
  night.at = time;
  const explanation = told?.explanation;
  if (explanation?.state === 'explained' && explanation.near) night.led += 1;
  else night.other += 1;
  return night.led >= night.other;
}

function learn(habits: Habits, local: LocalMoment): void {
  const place = placeOf(local, 0);
  if (habits.last[place] !== local.day) habits.days[place] = Number(habits.days[place]) + 1;
  habits.last[place] = local.day;
  if (habits.lastDay !== local.day) habits.known += 1;
  habits.lastDay = local.day;
}

/** Of the hour, the one before and the one after, the most. Today counts for nothing. */
function daysAround(habits: Habits, local: LocalMoment): number {
  const counts = [-1, 0, 1].map((beside) => {
    const place = placeOf(local, beside);
    return Number(habits.days[place]) - Number(habits.last[place] === local.day);
  });
  return Math.max(...counts);
}

function placeOf({ weekday, minute }: LocalMoment, beside: number): number {
  const weekend = weekday === 0 || weekday === 6;
  const hour = (Math.floor(minute / 60) + beside + hoursOfADay) % hoursOfADay;
  return hour + (weekend ? hoursOfADay : 0);
}
