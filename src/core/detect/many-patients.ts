// More charts within an hour than this person ever opens, and than a day's work explains.

import { forgetOldest } from '../forget-oldest.ts';
import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import type { Seen } from './seen.ts';
import { farOutside } from './usual.ts';

/** Hours in which they opened any, the newest kept: about three months of work. */
const mostHours = 500;
const mostPeople = 5000;
const hourMilliseconds = 3_600_000;

interface Hour {
  hour: number;
  readonly patients: Set<string>;
  told: boolean;
  readonly earlier: number[];
}

/** Nobody is asked about `moreThan` or fewer, however few they usually open. */
export function manyPatients({ moreThan }: NonNullable<DetectorSettings['many-patients']>): Detector {
  const people = new Map<string, Hour>();
  return (seen) => {
    const { person, patient } = seen;
    if (seen.event !== 'chart-opened' || person === null || patient === null) return null;
    const now = inThisHour(people, person.key, seen);
    now.patients.add(patient);
    const usual = farOutside(now.earlier);
    const limit = Math.max(moreThan, usual ?? 0);
    if (now.told || now.patients.size <= limit) return null;
    now.told = true;
    const against =
      usual === null ? 'too little is known of their usual hours' : `their usual hour has at most ${Math.round(usual)}`;
    const words = `${now.patients.size} patients' charts opened within one hour; ${against}`;
    return { detector: 'many-patients', person, patient: null, words };
  };
}

/** Ends the hour before where another one has begun. */
function inThisHour(people: Map<string, Hour>, key: string, { time }: Seen): Hour {
  const hour = Math.floor(time / hourMilliseconds);
  const found = people.get(key) ?? { hour, patients: new Set<string>(), told: false, earlier: [] };
  if (found.hour !== hour) {
    found.earlier.push(found.patients.size);
    if (found.earlier.length > mostHours) found.earlier.shift();
    found.patients.clear();
    found.hour = hour;
    found.told = false;
  }
  people.delete(key);
  people.set(key, found);
  forgetOldest(people, mostPeople);
  return found;
}
