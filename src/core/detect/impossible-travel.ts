// One person at work in two places that IT named, sooner after one another than anybody gets there.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { kilometresBetween, placeOf } from './place.ts';
import type { Place } from './place.ts';
import { Remembered } from './remembered.ts';

const mostPeople = 20_000;
const hourMilliseconds = 3_600_000;
const minuteMilliseconds = 60_000;

export function impossibleTravel({ kilometresPerHour, places }: NonNullable<DetectorSettings['impossible-travel']>): Detector {
  const people = new Remembered(mostPeople, (): { place: Place | null; at: number } => ({ place: null, at: 0 }));
  return ({ event, person, address, activity, time }) => {
    if (places.length < 2 || person === null || address === null) return null;
    if (event !== 'sign-in' && activity !== 'navigation') return null;
    const here = placeOf(address, places);
    if (here === null) return null;
    const last = people.of(person.key);
    const { place: before, at } = last;
    last.place = here;
    last.at = time;
    if (before === null || before === here) return null;
    const kilometres = kilometresBetween(before, here);
    if ((time - at) * kilometresPerHour >= kilometres * hourMilliseconds) return null;
    const minutes = Math.round((time - at) / minuteMilliseconds);
    const words = `At work at ${before.name} and, ${minutes} minutes later, at ${here.name}, ${Math.round(kilometres)} km away`;
    return { detector: 'impossible-travel', person, patient: null, words };
  };
}
