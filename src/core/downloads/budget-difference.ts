// What happened at one gateway and stands nowhere else yet: bytes on their way, patients opened again. It is added to what others
// have counted meanwhile, in whatever order, so that nothing is lost and nothing is counted twice. It never holds a count that
// others would have to agree to: files, new patients and extensions are judged over what stands.

import type { BudgetState } from './budget-state.ts';

type Warned = BudgetState['warned'];

export interface BudgetDifference {
  /** The local day of `bytes`; days are words that sort. */
  readonly day: string;
  /** Sent on that day; below zero where more was given back. */
  readonly bytes: number;
  /** Patients that were opened again, and when. */
  readonly patients: ReadonlyMap<string, number>;
  /** Warnings that were given; null: none. */
  readonly warned: Warned;
}

const none: Warned = { files: null, patients: null, bytes: null };

export const noDifference: BudgetDifference = { day: '', bytes: 0, patients: new Map(), warned: none };

/** What a step changed. Promises to replies under way are not in it: each gateway answers for its own. */
export function differenceOf(before: BudgetState, after: BudgetState): BudgetDifference {
  const { day, bytes } = after;
  const patients = after.patients === before.patients ? noDifference.patients : openedAgain(before, after);
  const warned = after.warned === before.warned ? none : newWarnings(before.warned, after.warned);
  return { day, bytes: day === before.day ? bytes - before.bytes : bytes, patients, warned };
}

/** The same on top of what others made of it. Bytes of a day that is over count no more. */
export function addDifference(state: BudgetState, difference: BudgetDifference): BudgetState {
  if (difference === noDifference) return state;
  const { day, bytes } = sumOf(state, difference);
  return {
    ...state,
    day,
    bytes: Math.max(0, bytes),
    patients: difference.patients.size === 0 ? state.patients : latest(state.patients, difference.patients),
    warned: difference.warned === none ? state.warned : warnedLast(state.warned, difference.warned),
  };
}

/** Two differences as one, the earlier first. */
export function addUp(earlier: BudgetDifference, later: BudgetDifference): BudgetDifference {
  if (earlier === noDifference) return later;
  if (later === noDifference) return earlier;
  return {
    ...sumOf(earlier, later),
    patients: latest(earlier.patients, later.patients),
    warned: warnedLast(earlier.warned, later.warned),
  };
}

interface DayBytes {
  readonly day: string;
  readonly bytes: number;
}

/** The later day alone counts. */
function sumOf(one: DayBytes, other: DayBytes): DayBytes {
  if (one.day === other.day) return { day: one.day, bytes: one.bytes + other.bytes };
  const { day, bytes } = one.day > other.day ? one : other;
  return { day, bytes };
}

function openedAgain(before: BudgetState, after: BudgetState): ReadonlyMap<string, number> {
  return new Map([...after.patients].filter(([patient, at]) => before.patients.get(patient) !== at));
}

function newWarnings(before: Warned, after: Warned): Warned {
  return {
    files: after.files === before.files ? null : after.files,
    patients: after.patients === before.patients ? null : after.patients,
    bytes: after.bytes === before.bytes ? null : after.bytes,
  };
}

function warnedLast(before: Warned, after: Warned): Warned {
  return {
    files: after.files ?? before.files,
    patients: after.patients ?? before.patients,
    bytes: after.bytes ?? before.bytes,
  };
}

function latest(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const all = new Map(one);
  for (const [patient, at] of other) all.set(patient, Math.max(at, one.get(patient) ?? at));
  return all;
}
