// Which patient a request is about: the one it names, else the one the session carries. Only `set_pid` changes whom the
// session carries, and only for a patient who exists.

import { findPatient } from './patients.ts';
import type { Patient } from './patients.ts';
import { lastParameter, wholeNumber } from './visit.ts';
import type { Visit } from './visit.ts';

/** `named` says that the request named the patient itself, so that links on its page do so too. */
export type ChosenPatient =
  | { readonly chosen: 'patient'; readonly patient: Patient; readonly named: boolean }
  | { readonly chosen: 'nobody' }
  | { readonly chosen: 'unknown'; readonly text: string };

/** Reads `pid`, else the carried patient. */
export function chosenPatient(visit: Visit): ChosenPatient {
  const named = lastParameter(visit.query, 'pid');
  if (named !== null) return look(named, true);
  return visit.session.pid === null ? { chosen: 'nobody' } : look(String(visit.session.pid), false);
}

/** Reads `set_pid` and carries that patient from now on; without it, as `chosenPatient`. */
export function selectPatient(visit: Visit): ChosenPatient {
  const wanted = lastParameter(visit.query, 'set_pid');
  if (wanted === null) return chosenPatient(visit);
  const result = look(wanted, false);
  if (result.chosen === 'patient') visit.session.pid = result.patient.pid;
  return result;
}

function look(text: string, named: boolean): ChosenPatient {
  const patient = findPatient(wholeNumber(text) ?? 0);
  return patient === null ? { chosen: 'unknown', text } : { chosen: 'patient', patient, named };
}
