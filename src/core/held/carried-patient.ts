// For whom a form was written whose patient stands in the EHR's session alone. That session is another one by the time a held
// form is sent, and the EHR would file it under whoever is open there by then: the wrong chart is worse than no note.

import type { PatientSource } from '../policy/policy.ts';
import type { HeldEhrSession } from '../session/session.ts';

/** The patient of the EHR's session; null for nobody; undefined where nobody knows. */
export type Carried = string | null | undefined;

/** By what a session of ours knew; the EHR session that was chosen in last stands last. */
export function carriedPatient(ehrSessions: readonly HeldEhrSession[]): Carried {
  const last = ehrSessions.at(-1);
  return last?.certain === true ? last.patient : undefined;
}

interface SendingNow {
  readonly patient: string | null;
  readonly patientSource: 'path' | 'query' | 'form' | 'session' | 'unresolved' | null;
  readonly route: { readonly patient: readonly Pick<PatientSource, 'in'>[] };
}

/** Whether the form goes to the patient it was written for: always where it names one itself. */
export function goesToItsPatient(carried: Carried, { patient, patientSource, route }: SendingNow): boolean {
  const leans = patientSource === 'session' || patientSource === 'unresolved';
  if (!leans || !route.patient.some((source) => source.in === 'session')) return true;
  return carried !== undefined && carried === patient;
}
