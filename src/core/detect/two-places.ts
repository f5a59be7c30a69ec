// One person at work in two places at once: somebody else is using their account. A person who moves leaves one place, so
// both must show somebody's hands on both sides of the other.

import type { Detector } from './detector.ts';
import { Recent } from './recent.ts';

const withinMilliseconds = 60_000;
const remembered = 8;

export function twoPlaces(): Detector {
  const recent = new Recent<{ readonly session: string; readonly address: string }>(withinMilliseconds, remembered);
  return ({ person, session, address, activity, time }) => {
    if (person === null || session === null || address === null || activity !== 'navigation') return null;
    const places = recent.add(person.key, time, { session, address });
    const turns = places.filter((place, index) => index > 0 && place.address !== places[index - 1]?.address).length;
    const sessions = new Set(places.map((place) => place.session));
    if (turns < 2 || sessions.size < 2) return null;
    recent.forget(person.key);
    const addresses = [...new Set(places.map((place) => place.address))].join(' and ');
    const words = `Two sessions of theirs were worked with in turns within a minute, from ${addresses}`;
    return { detector: 'two-places', person, patient: null, words };
  };
}
