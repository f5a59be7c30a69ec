// Somebody changes the rules and opens charts soon after, or opens charts and then takes a change upon themselves that was made
// just before. Most who edit rules never open a chart.

import { authorNames, plainLogin } from '../audit/author-names.ts';
import { readRulesNote } from '../audit/rules-note.ts';
import type { Detector, Finding } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Remembered } from './remembered.ts';
import type { SeenPerson } from './seen.ts';
import { spokenTime } from './spoken-time.ts';

const mostPeople = 5000;

interface Doings {
  changedAt: number | null;
  opened: { readonly at: number; readonly person: SeenPerson } | null;
}

/** Who changed the rules stands in the record by the name they gave and their account, so those are what is compared. */
export function rulesThenAccess({ withinSeconds }: NonNullable<DetectorSettings['rules-then-access']>): Detector {
  const people = new Remembered(mostPeople, (): Doings => ({ changedAt: null, opened: null }));
  const changes = new Remembered(mostPeople, (): { at: number | null } => ({ at: null }));
  const soon = (from: number | null, to: number): boolean => from !== null && to >= from && to - from <= withinSeconds * 1000;
  const told = (person: SeenPerson): Finding => {
    const words = `Opened charts within ${spokenTime(withinSeconds)} of a change of the rules of their own`;
    return { detector: 'rules-then-access', person, patient: null, words };
  };
  return ({ event, person, detail, time }) => {
    if (event === 'chart-opened' && person !== null) {
      const doings = people.of(plainLogin(person.name));
      doings.opened = { at: time, person };
      return soon(doings.changedAt, time) ? told(person) : null;
    }
    const note = event === 'configuration' && detail !== null ? readRulesNote(detail) : null;
    if (note === null || note.of !== 'rules') return null;
    const change = changes.of(note.after);
    change.at ??= time;
    if (note.author === null) return null;
    let found: Finding | null = null;
    for (const name of authorNames(note.author.person)) {
      const doings = people.of(name);
      doings.changedAt = change.at;
      const { opened } = doings;
      if (opened !== null && soon(change.at, opened.at)) found ??= told(opened.person);
    }
    return found;
  };
}
