// Charts that nothing in the schedule leads to, opened by somebody whose work the schedule shows. One is a telephone call; several
// within a while are a question. Whoever mostly opens such charts is not asked: the schedule does not show their work after all.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Recent } from './recent.ts';
import { Remembered } from './remembered.ts';
import { spokenTime } from './spoken-time.ts';

const mostPeople = 5000;
/** Openings, from which on it is known how many of somebody's the schedule explains. */
const knownAfter = 40;
/** Of their openings, that must be explained. */
const leastShare = 0.5;
const mostOfPerson = 1000;

export function noRelationship({ patients, withinSeconds }: NonNullable<DetectorSettings['no-relationship']>): Detector {
  const recent = new Recent<string>(withinSeconds * 1000, mostOfPerson);
  const people = new Remembered(mostPeople, () => ({ opened: 0, explained: 0 }));
  return ({ person, patient, time }, told) => {
    const explanation = told?.explanation ?? null;
    if (explanation === null || person === null || patient === null) return null;
    const habits = people.of(person.key);
    const judged = habits.opened < knownAfter || habits.explained >= leastShare * habits.opened;
    habits.opened += 1;
    if (explanation.state === 'explained') habits.explained += 1;
    if (explanation.state !== 'suspicious' || explanation.because !== 'no-relationship') return null;
    const count = new Set(recent.add(person.key, time, patient)).size;
    if (!judged || count < patients) return null;
    recent.forget(person.key);
    const words = `${count} patients' charts opened within ${spokenTime(withinSeconds)}, of whom none has an appointment or encounter that explains it`;
    return { detector: 'no-relationship', person, patient: null, words };
  };
}
