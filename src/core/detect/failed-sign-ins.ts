// Somebody's second factor, PIN or unlock is tried again and again, or one address tries those of many people.

import type { Detector } from './detector.ts';
import { Recent } from './recent.ts';
import type { Seen } from './seen.ts';

const failures = new Set([
  'sign-in-failed',
  'second-factor-failed',
  'second-factor-blocked',
  'step-up-failed',
  'unlock-failed',
  'pin-failed',
  'emergency-sign-in-failed',
]);
const minutes = 15;
const ofOnePerson = 5;
const peopleOfOneAddress = 10;

const isFailure = (seen: Seen): boolean => failures.has(seen.event);

export function failedSignIns(): Detector {
  const recent = new Recent<null>(minutes * 60_000, ofOnePerson);
  return (seen) => {
    const { person } = seen;
    if (person === null || !isFailure(seen)) return null;
    if (recent.add(person.key, seen.time, null).length < ofOnePerson) return null;
    recent.forget(person.key);
    const words = `${ofOnePerson} attempts to sign in or unlock failed within ${minutes} minutes`;
    return { detector: 'failed-sign-ins', person, patient: null, words };
  };
}

export function signInSpray(): Detector {
  const recent = new Recent<string>(minutes * 60_000, 100);
  return (seen) => {
    const { person, address } = seen;
    if (person === null || address === null || !isFailure(seen)) return null;
    const people = new Set(recent.add(address, seen.time, person.key));
    if (people.size < peopleOfOneAddress) return null;
    recent.forget(address);
    const words = `Attempts of ${people.size} people failed from ${address} within ${minutes} minutes`;
    return { detector: 'sign-in-spray', person: null, patient: null, words };
  };
}
