// A machine has no screen on which somebody sees who is chosen, so each of its requests names its patient: what the EHR
// would carry from one request to the next, nobody could put on record.

import type { Matter } from '../policy/subject-matter.ts';

/** Why a machine may not ask this way, or null. */
export function carriedPatientProblem({ patientSource }: Pick<Matter, 'patientSource'>): string | null {
  return patientSource === 'session' || patientSource === 'unresolved' ? 'A machine must name the patient in each request' : null;
}
