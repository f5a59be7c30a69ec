// The wrongs that are put into a simulated clinic: each one makes what happens, and says what of it should be seen. The cases
// are those that regulators fined, and the ones that every privacy officer knows.

import type { Chance } from './chance.ts';
import { days, hours, minutes } from './happening.ts';
import type { Happening, Wrong } from './happening.ts';
import { opening } from './staff.ts';
import type { Worker } from './staff.ts';

export interface Scene {
  readonly wrong: Wrong;
  readonly happenings: readonly Happening[];
}

type Scenario = (people: readonly Worker[], day: number, chance: Chance) => Scene;

const patientOf = (chance: Chance): string => `p${Math.floor(chance.between(0, 4000))}`;
const dayWorkers = (people: readonly Worker[]): readonly Worker[] => people.filter(({ begins }) => begins < 12);
const strange = '203.0.113.66';

function charts(
  who: Worker,
  from: number,
  count: number,
  every: number,
  chance: Chance,
  address = who.desks[0] ?? '',
): Happening[] {
  const session = `x${from.toString(36)}${who.sub}`;
  const signIn: Happening = { time: from - 1000, event: 'sign-in', person: who, session, address };
  const all = Array.from({ length: count }, (_, index) =>
    opening(who, from + index * every, session, address, patientOf(chance), chance),
  );
  return [signIn, ...all.flat()];
}

function scene(scenario: string, who: Worker | null, happenings: readonly Happening[], more: Partial<Wrong> = {}): Scene {
  const times = happenings.map(({ time }) => time);
  const people = who === null ? [] : [who];
  const wrong = { scenario, people, patient: null, address: null, from: Math.min(...times), to: Math.max(...times), ...more };
  return { wrong, happenings };
}

const failed = (person: Worker, time: number, address: string): Happening => ({
  time,
  event: 'second-factor-failed',
  person,
  address,
});

export const scenarios: Readonly<Record<string, Scenario>> = {
  'night-walk': (people, day, chance) => {
    const who = chance.of(dayWorkers(people).filter(({ role }) => role === 'nurse'));
    return scene('night-walk', who, charts(who, day + 2 * hours, 30, 2 * minutes, chance));
  },
  'chart-harvest': (people, day, chance) => {
    const who = chance.of(dayWorkers(people));
    return scene('chart-harvest', who, charts(who, day + 13 * hours, 60, 20_000, chance));
  },
  'bulk-export': (people, day, chance) => {
    const who = chance.of(people.filter(({ role }) => role === 'front-desk'));
    const from = day + 14 * hours;
    const files = Array.from({ length: 8 }, (_, index): Happening => ({
      time: from + index * 3 * minutes,
      event: 'outcome',
      person: who,
      session: `x${who.sub}`,
      address: who.desks[0] ?? '',
      bytesOut: 50_000_000,
    }));
    return scene('bulk-export', who, files);
  },
  'shared-account': (people, day, chance) => {
    const who = chance.of(dayWorkers(people));
    const turns = Array.from({ length: 40 }, (_, index) => {
      const other = index % 2 === 1;
      const time = day + 15 * hours + index * 25_000;
      return opening(who, time, other ? 'x2' : 'x1', other ? '10.20.9.77' : (who.desks[0] ?? ''), patientOf(chance), chance);
    });
    return scene('shared-account', who, turns.flat());
  },
  celebrity: (people, day, chance) => {
    const patient = patientOf(chance);
    const curious = people.filter(() => chance.is(0.3));
    const looks = curious.flatMap((who, index) =>
      opening(who, day + 9 * hours + index * 20 * minutes, `x${who.sub}`, who.desks[0] ?? '', patient, chance),
    );
    return scene('celebrity', null, looks, { patient });
  },
  'former-employee': (people, day, chance) => {
    // Nobody of those who are at work.
    const who = { ...chance.of(people), sub: `former-${day}`, key: `former ${day}` };
    const from = day + 20 * hours;
    const tries = [1, 2, 3].map((index) => ({
      time: from + index * hours,
      event: 'sign-in-failed',
      person: who,
      address: strange,
    }));
    return scene('former-employee', who, [{ time: from, event: 'offboarded', person: who }, ...tries], { from: from + hours });
  },
  guessing: (people, day, chance) => {
    const who = chance.of(people);
    return scene(
      'guessing',
      who,
      Array.from({ length: 8 }, (_, index) => failed(who, day + 12 * hours + index * 30_000, strange)),
    );
  },
  spray: (people, day) => {
    const tries = people.slice(0, 20).map((who, index) => failed(who, day + 3 * hours + index * 20_000, strange));
    return scene('spray', null, tries, { address: strange });
  },
  'stolen-password': (people, day, chance) => {
    const who = chance.of(dayWorkers(people));
    const address = `198.51.100.${Math.floor(chance.between(1, 250))}`;
    return scene('stolen-password', who, charts(who, day + 11 * hours, 15, minutes, chance, address));
  },
  'emergency-habit': (people, day, chance) => {
    const who = chance.of(people);
    const opened = [0, 1, 2, 3].map((index) => ({ time: day + index * days + 10 * hours, event: 'break-glass', person: who }));
    return scene('emergency-habit', who, opened);
  },
  // These two look like work to whoever sees requests alone.
  'colleague-lookup': (people, day, chance) => {
    const who = chance.of(dayWorkers(people));
    return scene('colleague-lookup', who, charts(who, day + 10 * hours, 1, minutes, chance).slice(1));
  },
  'slow-snoop': (people, day, chance) => {
    const who = chance.of(dayWorkers(people));
    const looks = Array.from({ length: 5 }, (_, index) =>
      charts(who, day + index * days + 12 * hours, 3, 5 * minutes, chance).slice(1),
    );
    return scene('slow-snoop', who, looks.flat());
  },
};
