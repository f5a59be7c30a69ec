// A chart opened outside the clinic's hours by somebody who hardly ever works at that hour of the week. Whoever always has
// the night is never asked, and whoever is new is judged by the clinic's hours alone.

import { forgetOldest } from '../forget-oldest.ts';
import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';

/** Days on which they opened charts, from which on their own hours count. */
const knownAfterDays = 20;
const mostPeople = 5000;
const hoursOfAWeek = 168;

interface Habits {
  readonly hours: Uint32Array;
  total: number;
  days: number;
  lastDay: string;
  toldOn: string;
}

/** `rarerThanPercent`: the share of their charts below which an hour of the week is none of theirs. */
export function afterHours({ rarerThanPercent }: NonNullable<DetectorSettings['after-hours']>): Detector {
  const people = new Map<string, Habits>();
  return ({ event, person, local }) => {
    if (event !== 'chart-opened' || person === null) return null;
    const habits = people.get(person.key) ?? {
      hours: new Uint32Array(hoursOfAWeek),
      total: 0,
      days: 0,
      lastDay: '',
      toldOn: '',
    };
    const hour = local.weekday * 24 + Math.floor(local.minute / 60);
    const theirs = habits.days >= knownAfterDays && Number(habits.hours[hour]) * 100 >= rarerThanPercent * habits.total;
    const known = habits.days >= knownAfterDays;
    habits.hours[hour] = Number(habits.hours[hour]) + 1;
    habits.total += 1;
    if (habits.lastDay !== local.day) habits.days += 1;
    habits.lastDay = local.day;
    people.delete(person.key);
    people.set(person.key, habits);
    forgetOldest(people, mostPeople);
    if (local.open || theirs || habits.toldOn === local.day) return null;
    habits.toldOn = local.day;
    const words = known
      ? 'Charts opened outside the hours of the clinic, at an hour at which they hardly ever work'
      : 'Charts opened outside the hours of the clinic; their own hours are not known yet';
    return { detector: 'after-hours', person, patient: null, words };
  };
}
