// Wrongs about who comes in, how and from where.

import { hours, minutes } from './happening.ts';
import type { Happening } from './happening.ts';
import type { SeenPerson } from '../core/detect/seen.ts';
import { writeRulesNote } from '../core/audit/rules-note.ts';
import { anyPatient, dayWorker, scene, strange, times, walk } from './scene.ts';
import type { Scenario } from './scene.ts';
import { at, opening } from './working-day.ts';

const failed = (person: SeenPerson, time: number): Happening => ({
  time,
  event: 'second-factor-failed',
  person,
  address: strange.address,
});

export const accessScenarios: Readonly<Record<string, Scenario>> = {
  'shared-account': (stage) => {
    const who = dayWorker(stage);
    const other = { address: '10.20.9.77', device: null };
    const turns = times(40, (index) => {
      const [session, desk] = index % 2 === 1 ? ['x2', other] : ['x1', who.desk];
      const time = stage.day + 15 * hours + index * 25_000;
      return opening(who, time, { session: `${session}${who.sub}`, desk, patient: anyPatient(stage) }, stage.chance);
    });
    return scene(who, turns.flat());
  },
  // Somebody goes on at the desk of another, in a second window.
  'open-desk': (stage) => {
    const [who, other] = [dayWorker(stage, 'nurse'), dayWorker(stage, 'front-desk')];
    const turns = times(6, (index) => {
      const person = index % 2 === 0 ? who : other;
      const time = stage.day + 14 * hours + index * 4000;
      return opening(person, time, { session: `x${person.sub}`, desk: who.desk, patient: anyPatient(stage) }, stage.chance);
    });
    return scene(null, turns.flat(), { people: [who, other] });
  },
  // Pagosa Springs, 2018: the remote schedule of somebody who had left was never closed.
  'former-employee': ({ people, day, chance }) => {
    const who = { ...chance.of(people), sub: `former-${day}`, key: `former ${day}` };
    const from = day + 20 * hours;
    const tries = [1, 2, 3].map((index) => ({
      time: from + index * hours,
      event: 'sign-in-failed',
      person: who,
      address: strange.address,
    }));
    return scene(who, [{ time: from, event: 'offboarded', person: who }, ...tries], { from: from + hours });
  },
  // Memorial, 2017: an affiliate's account whose owner had gone was used again and again.
  'affiliate-account': (stage) => {
    const who = { ...dayWorker(stage, 'front-desk'), sub: `affiliate-${stage.day}`, key: `affiliate ${stage.day}` };
    const before: Happening = {
      time: stage.day - 34 * 24 * hours + 9 * hours,
      event: 'sign-in',
      person: who,
      address: '10.40.1.9',
    };
    const patients = times(25, () => anyPatient(stage));
    const desk = { address: '10.40.1.9', device: null };
    const now = walk(who, { from: stage.day + 10 * hours, every: 2 * minutes, patients, desk }, stage.chance);
    return scene(who, [before, ...now], { from: stage.day + 10 * hours - 1000 });
  },
  guessing: ({ people, day, chance }) => {
    const who = chance.of(people);
    return scene(
      who,
      times(8, (index) => failed(who, day + 12 * hours + index * 30_000)),
    );
  },
  fatigue: ({ people, day, chance }) => {
    const who = chance.of(people);
    const tries = times(4, (index) => failed(who, day + 1 * hours + index * minutes));
    const inside: Happening = { time: day + hours + 5 * minutes, event: 'sign-in', person: who, address: strange.address };
    return scene(who, [...tries, inside]);
  },
  spray: ({ people, day }) => {
    const tries = people.slice(0, 20).map((who, index) => failed(who, day + 3 * hours + index * 20_000));
    return scene(null, tries, { address: strange.address });
  },
  'stolen-password': (stage) => {
    const who = dayWorker(stage);
    const desk = { address: `198.51.100.${Math.floor(stage.chance.between(1, 250))}`, device: null };
    const patients = times(15, () => anyPatient(stage));
    return scene(who, walk(who, { from: stage.day + 11 * hours, every: minutes, patients, desk }, stage.chance));
  },
  // At their desk, and with something that is no browser of the clinic.
  'strange-browser': (stage) => {
    const who = dayWorker(stage);
    const desk = { address: '10.20.5.250', device: null };
    const time = stage.day + 12 * hours;
    return scene(who, [
      { time, event: 'sign-in', person: who, session: `x${who.sub}`, agent: 'python-requests/2.32', ...at(desk) },
    ]);
  },
  // Gives themselves a right, and uses it.
  'rule-change': (stage) => {
    const who = dayWorker(stage);
    const time = stage.day + 15 * hours;
    const author = {
      deed: 'applied',
      person: who.name,
      time: new Date(time).toISOString(),
      approver: null,
      reason: 'Test',
    } as const;
    const detail = writeRulesNote({ of: 'rules', before: '1a2b', after: `3c${stage.day}`, author });
    const patients = times(3, () => anyPatient(stage));
    const charts = walk(who, { from: time + 10 * minutes, every: 3 * minutes, patients }, stage.chance).slice(1);
    return scene(who, [{ time, event: 'configuration', person: null, detail }, ...charts]);
  },
  'two-clinics': (stage) => {
    const who = dayWorker(stage, 'physician');
    const from = stage.day + 13 * hours;
    const here: Happening = { time: from, event: 'sign-in', person: who, session: `x${who.sub}`, ...at(who.desk) };
    const there: Happening = { time: from + 20 * minutes, event: 'sign-in', person: who, address: '10.30.1.7' };
    return scene(who, [here, there]);
  },
};
