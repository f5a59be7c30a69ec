// Charts that nothing in the schedule leads to, opened by somebody whose work the schedule shows. One is a telephone call; several
// within a while are a question where they are more than this person, or their role, usually opens in as much work.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Recent } from './recent.ts';
import { Remembered } from './remembered.ts';
import { spokenTime } from './spoken-time.ts';

const mostPeople = 5000;
const mostRoles = 500;
const mostOfPerson = 1000;
/** Openings, from which on it is known how many of somebody's, or of a role's, nothing explains. */
const knownAfter = 40;
/** So many times the spread that chance alone has (the root of what is expected). */
const spreads = 4;

interface Opened {
  /** The patient, where nothing leads to them. */
  readonly nobodys: string | null;
  readonly isUnexplained: boolean;
}

interface Habits {
  opened: number;
  unexplained: number;
}

export function noRelationship({ patients, withinSeconds }: NonNullable<DetectorSettings['no-relationship']>): Detector {
  const recent = new Recent<Opened>(withinSeconds * 1000, mostOfPerson);
  const people = new Remembered(mostPeople, fresh);
  const ofRoles = new Remembered(mostRoles, fresh);
  return ({ person, patient, roles, time }, told) => {
    const explanation = told?.explanation ?? null;
    if (explanation === null || person === null || patient === null) return null;
    const isNobodys = explanation.state === 'suspicious' && explanation.because === 'no-relationship';
    const isUnexplained = explanation.state !== 'explained';
    const opened = recent.add(person.key, time, { nobodys: isNobodys ? patient : null, isUnexplained });
    const habits = [people.of(person.key), ofRoles.of(roles ?? '')];
    for (const one of habits) learn(one, isUnexplained);
    if (!isNobodys) return null;
    const count = new Set(opened.map(({ nobodys }) => nobodys).filter((one) => one !== null)).size;
    const usual = Math.max(...habits.map((one) => shareBefore(one, opened)));
    const expected = usual * opened.length;
    if (count < patients || count <= expected + spreads * Math.sqrt(expected)) return null;
    recent.forget(person.key);
    const words = `${count} patients' charts opened within ${spokenTime(withinSeconds)}, of whom none has an appointment or encounter that explains it; in as much work they usually have ${Math.round(expected)}`;
    return { detector: 'no-relationship', person, patient: null, words };
  };
}

function fresh(): Habits {
  return { opened: 0, unexplained: 0 };
}

/** What is judged now is no part of what is usual. 0 where too little is known. */
function shareBefore({ opened, unexplained }: Habits, now: readonly Opened[]): number {
  const before = opened - now.length;
  return before < knownAfter ? 0 : (unexplained - now.filter(({ isUnexplained }) => isUnexplained).length) / before;
}

function learn(habits: Habits, isUnexplained: boolean): void {
  habits.opened += 1;
  if (isUnexplained) habits.unexplained += 1;
}
