// Admits one download before its first byte: takes a file of the hour, once in ten minutes for a target, and sets aside
// the bytes it will send. Reserving is what keeps many downloads started at once from passing the budget together.

import type { Budget } from '../policy/policy.ts';
import { bytesOn, limitOf, maximumKept, nearlyUsed, sameFileMilliseconds, unknownFileBytes, withinHour } from './budget-state.ts';
import type { BudgetState, CountedFile, Verdict } from './budget-state.ts';
import type { Charge } from './take-bytes.ts';

export interface FileRequest {
  readonly target: string;
  /** Declared length, bytes; null where the reply declares none. */
  readonly bytes: number | null;
  /** True where the reply concerns one resolved patient: once started it finishes. */
  readonly singlePatient: boolean;
}

/** `charge` is what the bytes are taken from; null on a "no". */
export interface FileAdmission {
  readonly state: BudgetState;
  readonly verdict: Verdict;
  readonly charge: Charge | null;
}

/** `now` is epoch milliseconds, `day` the local day. The state is unchanged on a "no". */
export function admitFile(state: BudgetState, budget: Budget, file: FileRequest, now: number, day: string): FileAdmission {
  const counted = countFile(state, budget, file.target, now, day);
  if (!counted.verdict.admit) return { state, verdict: counted.verdict, charge: null };
  const reserved = reserve(counted.state, budget, file, day);
  if ('over' in reserved) return { state, verdict: reserved, charge: null };
  const { charge } = reserved;
  const next = {
    ...counted.state,
    reservedBytes: counted.state.reservedBytes + charge.left,
    overdrawn: counted.state.overdrawn || charge.overdraws,
  };
  return { state: next, verdict: counted.verdict, charge };
}

function countFile(state: BudgetState, budget: Budget, target: string, now: number, day: string): Omit<FileAdmission, 'charge'> {
  const limit = limitOf(budget, state, 'files', day);
  if (limit === null) return { state, verdict: { admit: true, slow: false, warn: null } };
  const slows = budget.then === 'slow';
  const files = state.files.filter((one) => withinHour(one.at, now));
  if (files.some((one) => isSameFile(one, target, now))) {
    return { state: { ...state, files }, verdict: { admit: true, slow: slows && files.length > limit, warn: null } };
  }
  if (files.length >= maximumKept || (!slows && files.length >= limit)) {
    return { state, verdict: { admit: false, over: 'files', limit, tooLarge: false } };
  }
  files.push({ target, at: now });
  const warn = nearlyUsed(files.length, limit) && (state.warned.files === null || !withinHour(state.warned.files, now));
  const next = { ...state, files, warned: warn ? { ...state.warned, files: now } : state.warned };
  return { state: next, verdict: { admit: true, slow: slows && files.length > limit, warn: warn ? 'files' : null } };
}

function isSameFile(one: CountedFile, target: string, now: number): boolean {
  return one.target === target && now < one.at + sameFileMilliseconds;
}

type Refused = Extract<Verdict, { admit: false }>;

/**
 * Sets bytes aside. A single-patient file is admitted while anything is left, and then finishes, even past the limit,
 * but only one such file at a time. A reply over many patients must fit where its length is known, and is cut where not.
 */
function reserve(state: BudgetState, budget: Budget, file: FileRequest, day: string): Refused | { readonly charge: Charge } {
  const limit = limitOf(budget, state, 'bytes', day);
  const blank: Charge = { left: 0, taken: 0, finishes: file.singlePatient, overdraws: false, day };
  if (limit === null || budget.then === 'slow') return { charge: blank };
  const free = limit - bytesOn(state, day) - state.reservedBytes;
  const refused = (tooLarge: boolean): Refused => ({ admit: false, over: 'bytes', limit, tooLarge });
  if (free <= 0) return refused(false);
  if (file.bytes === null) return { charge: { ...blank, left: file.singlePatient ? Math.min(unknownFileBytes, free) : 0 } };
  const overdraws = file.bytes > free;
  if (overdraws && !file.singlePatient) return refused(file.bytes > limit);
  if (overdraws && state.overdrawn) return refused(false);
  return { charge: { ...blank, left: file.bytes, overdraws } };
}
