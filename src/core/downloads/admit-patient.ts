// Counts the distinct patients a person opened within a sliding hour. A patient opened within the hour passes whatever
// the count says: nobody is locked out of the chart they are working in.

import type { Budget } from '../policy/policy.ts';
import { limitOf, maximumKept, nearlyUsed, withinHour } from './budget-state.ts';
import type { BudgetState, Verdict } from './budget-state.ts';

export interface PatientAdmission {
  readonly state: BudgetState;
  readonly verdict: Verdict;
}

/** `now` is epoch milliseconds, `day` the local day. The state is unchanged on a "no" and within the same second. */
export function admitPatient(state: BudgetState, budget: Budget, patient: string, now: number, day: string): PatientAdmission {
  const limit = limitOf(budget, state, 'patients', day);
  if (limit === null) return { state, verdict: { admit: true, slow: false, warn: null } };
  const slows = budget.then === 'slow';
  const opened = Math.ceil(now / 1000) * 1000;
  const last = state.patients.get(patient);
  if (last === opened) return { state, verdict: { admit: true, slow: slows && state.patients.size > limit, warn: null } };
  const patients = new Map([...state.patients].filter(([, at]) => withinHour(at, now)));
  const isNew = !isCounted(state, patient, now);
  if (isNew && (patients.size >= maximumKept || (!slows && patients.size >= limit))) {
    return { state, verdict: { admit: false, over: 'patients', limit, tooLarge: false } };
  }
  patients.set(patient, Math.max(opened, last ?? 0));
  const warn = isNew && nearlyUsed(patients.size, limit) && notWarned(state.warned.patients, now);
  const next = { ...state, patients, warned: warn ? { ...state.warned, patients: now } : state.warned };
  return { state: next, verdict: { admit: true, slow: slows && patients.size > limit, warn: warn ? 'patients' : null } };
}

/** Opened within the hour: to open them again changes a time and no count. */
export function isCounted(state: BudgetState, patient: string, now: number): boolean {
  const last = state.patients.get(patient);
  return last !== undefined && withinHour(last, now);
}

function notWarned(at: number | null, now: number): boolean {
  return at === null || !withinHour(at, now);
}
