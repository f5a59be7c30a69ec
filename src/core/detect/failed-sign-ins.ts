// Somebody's second factor, PIN or unlock is tried again and again, or one address tries those of many people.

import { failedAttempts } from '../audit/failed-attempts.ts';
import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Recent } from './recent.ts';
import { spokenTime } from './spoken-time.ts';
import type { Seen } from './seen.ts';

const failures: ReadonlySet<string> = new Set(failedAttempts);
/** Of one address that are looked at together. */
const mostOfAddress = 1000;

const isFailure = (seen: Seen): boolean => failures.has(seen.event);

export function failedSignIns({ attempts, withinSeconds }: NonNullable<DetectorSettings['failed-sign-ins']>): Detector {
  const recent = new Recent<null>(withinSeconds * 1000, attempts);
  return (seen) => {
    const { person } = seen;
    if (person === null || !isFailure(seen)) return null;
    if (recent.add(person.key, seen.time, null).length < attempts) return null;
    recent.forget(person.key);
    const words = `${attempts} attempts to sign in or unlock failed within ${spokenTime(withinSeconds)}`;
    return { detector: 'failed-sign-ins', person, patient: null, words };
  };
}

export function signInSpray({ people: most, withinSeconds }: NonNullable<DetectorSettings['sign-in-spray']>): Detector {
  const recent = new Recent<string>(withinSeconds * 1000, mostOfAddress);
  return (seen) => {
    const { person, address } = seen;
    if (person === null || address === null || !isFailure(seen)) return null;
    const people = new Set(recent.add(address, seen.time, person.key));
    if (people.size < most) return null;
    recent.forget(address);
    const words = `Attempts of ${people.size} people failed from ${address} within ${spokenTime(withinSeconds)}`;
    return { detector: 'sign-in-spray', person: null, patient: null, words };
  };
}
