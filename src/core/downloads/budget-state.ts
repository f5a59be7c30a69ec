// What one person has used of their download budget, over all their sessions: plain values, handed the time and the
// local day. Holds no names of its own making: targets and patients arrive as short keys.

import type { Budget } from '../policy/policy.ts';

export const hourMilliseconds = 3_600_000;
/** The same person fetching the same target within this time takes one file; ranges of it merge. */
export const sameFileMilliseconds = 600_000;
/** Files and patients kept for one person at most. When full the next is refused; nothing is dropped to make room. */
export const maximumKept = 10_000;
/** The rate at which `then: slow` lets a person go on. */
export const slowBytesPerSecond = 64 * 1024;
/** What a single-patient file of unknown length reserves, and so may always send. */
export const unknownFileBytes = 32 * 1024 * 1024;

export type Measure = 'files' | 'patients' | 'bytes';

export interface CountedFile {
  readonly target: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface BudgetState {
  /** Counted files, oldest first. */
  readonly files: readonly CountedFile[];
  /** Patient → when last opened, epoch milliseconds rounded up to a second, so that nothing falls out of its hour early. */
  readonly patients: ReadonlyMap<string, number>;
  /** The local day that `bytes` belongs to, as `localDay` writes it. */
  readonly day: string;
  readonly bytes: number;
  /** The local day on which a stated reason doubled the budget; null: never. */
  readonly extendedOn: string | null;
  /** When each warning was last given: epoch milliseconds for the hours, the local day for the bytes. */
  readonly warned: { readonly files: number | null; readonly patients: number | null; readonly bytes: string | null };
  /** Promised to replies that are under way and not sent yet. Never stored. */
  readonly reservedBytes: number;
  /** True while one started single-patient file runs past the budget; there is never a second. Never stored. */
  readonly overdrawn: boolean;
  /** That file is another gateway's, and this one has none that may. Never stored. */
  readonly overdrawnElsewhere?: boolean;
}

export const emptyBudget: BudgetState = {
  files: [],
  patients: new Map(),
  day: '',
  bytes: 0,
  extendedOn: null,
  warned: { files: null, patients: null, bytes: null },
  reservedBytes: 0,
  overdrawn: false,
};

/** "Yes", perhaps at the slow rate, perhaps worth a warning; or "no" with the measure that is used up. */
export type Verdict =
  | { readonly admit: true; readonly slow: boolean; readonly warn: Measure | null }
  | { readonly admit: false; readonly over: Measure; readonly limit: number; readonly tooLarge: boolean };

/** The limit in force, doubled on the day it was extended; null: unlimited. */
export function limitOf(budget: Budget, state: BudgetState, measure: Measure, day: string): number | null {
  const limit = { files: budget.filesPerHour, patients: budget.patientsPerHour, bytes: budget.bytesPerDay }[measure];
  return limit !== null && state.extendedOn === day ? limit * 2 : limit;
}

/** True from 80 % on. */
export function nearlyUsed(used: number, limit: number): boolean {
  return used > 0 && used * 5 >= limit * 4;
}

/** Still within its hour. The end of the hour is outside. */
export function withinHour(at: number, now: number): boolean {
  return now < at + hourMilliseconds;
}

/** The bytes sent on this local day. */
export function bytesOn(state: BudgetState, day: string): number {
  return state.day === day ? state.bytes : 0;
}
