// One person at work in two places at once: somebody else is using their account. A person who moves leaves one place, so
// both must show somebody's hands on both sides of the other.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Recent } from './recent.ts';
import { spokenTime } from './spoken-time.ts';

const remembered = 8;

export function twoPlaces({ withinSeconds }: NonNullable<DetectorSettings['two-places']>): Detector {
  const recent = new Recent<{ readonly session: string; readonly address: string }>(withinSeconds * 1000, remembered);
  return ({ person, session, address, activity, time }) => {
    if (person === null || session === null || address === null || activity !== 'navigation') return null;
    const places = recent.add(person.key, time, { session, address });
    const turns = places.filter((place, index) => index > 0 && place.address !== places[index - 1]?.address).length;
    const sessions = new Set(places.map((place) => place.session));
    if (turns < 2 || sessions.size < 2) return null;
    recent.forget(person.key);
    const addresses = [...new Set(places.map((place) => place.address))].join(' and ');
    const words = `Two sessions of theirs were worked with in turns within ${spokenTime(withinSeconds)}, from ${addresses}`;
    return { detector: 'two-places', person, patient: null, words };
  };
}
