// An account that nobody used for a month is used again, and one of somebody who was let go is tried.

import { forgetOldest } from '../forget-oldest.ts';
import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Remembered } from './remembered.ts';

const dayMilliseconds = 86_400_000;
const mostPeople = 20_000;

export function dormantAccount({ afterSeconds }: NonNullable<DetectorSettings['dormant-account']>): Detector {
  const people = new Remembered(mostPeople, (): { seenAt: number | null } => ({ seenAt: null }));
  return ({ event, person, time }) => {
    if (event !== 'sign-in' || person === null) return null;
    const known = people.of(person.key);
    const before = known.seenAt;
    known.seenAt = time;
    if (before === null || time - before < afterSeconds * 1000) return null;
    const days = Math.floor((time - before) / dayMilliseconds);
    return { detector: 'dormant-account', person, patient: null, words: `Signed in for the first time in ${days} days` };
  };
}

export function afterTermination(): Detector {
  const gone = new Set<string>();
  return ({ event, person }) => {
    if (person === null) return null;
    if (event === 'readmitted') gone.delete(person.key);
    const tries = event === 'sign-in' || event === 'sign-in-failed' || event === 'refusal' || event === 'second-factor-failed';
    if (gone.has(person.key) && tries)
      return { detector: 'after-termination', person, patient: null, words: 'Somebody who was let go tries to come in' };
    if (event === 'offboarded') gone.add(person.key);
    forgetOldest(gone, mostPeople);
    return null;
  };
}
