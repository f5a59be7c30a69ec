// One wrong that is put into a simulated clinic: what happens, and what of it somebody should have seen.

import type { Chance } from './chance.ts';
import type { Happening, Wrong } from './happening.ts';
import type { Patient } from './register.ts';
import type { Desk, Worker } from './staff.ts';
import { at, opening } from './working-day.ts';

export interface Scene {
  readonly wrong: Wrong;
  readonly happenings: readonly Happening[];
}

export interface Stage {
  readonly people: readonly Worker[];
  readonly patients: readonly Patient[];
  /** Numbers of patients who are confidential. */
  readonly confidential: readonly number[];
  /** Midnight of the day. */
  readonly day: number;
  readonly chance: Chance;
}

/** Somebody who goes, as the roster has it; midnights. */
export interface Leaving {
  readonly who: Worker;
  readonly noticeDay: number;
  readonly endDay: number;
}

export type Scenario = (stage: Stage) => Omit<Scene, 'wrong'> & {
  readonly wrong: Omit<Wrong, 'scenario'>;
  readonly leaves?: Leaving;
};

export const strange: Desk = { address: '203.0.113.66', device: null };

export function anyPatient({ patients, chance }: Stage): number {
  return Math.floor(chance.between(0, patients.length));
}

/** Somebody who works by day and opens charts. */
export function dayWorker({ people, chance }: Stage, role?: Worker['role']): Worker {
  return chance.of(people.filter((one) => one.begins < 12 && one.chartsPerHour > 0 && (role === undefined || one.role === role)));
}

export function scene(who: Worker | null, happenings: readonly Happening[], more: Partial<Wrong> = {}): ReturnType<Scenario> {
  const moments = happenings.map(({ time }) => time);
  const people = who === null ? [] : [who];
  return {
    wrong: { people, patient: null, address: null, from: Math.min(...moments), to: Math.max(...moments), ...more },
    happenings,
  };
}

interface Walk {
  readonly from: number;
  readonly every: number;
  readonly patients: readonly number[];
  readonly desk?: Desk;
}

/** A sign-in, and charts one after the other. */
export function walk(who: Worker, { from, every, patients, desk = who.desk }: Walk, chance: Chance): readonly Happening[] {
  const session = `x${from.toString(36)}${who.sub}`;
  const signIn: Happening = { time: from - 1000, event: 'sign-in', person: who, session, ...at(desk) };
  return [
    signIn,
    ...patients.flatMap((patient, index) => opening(who, from + index * every, { session, desk, patient }, chance)),
  ];
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
