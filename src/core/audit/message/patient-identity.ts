// How the patient of a record is named to another system: by the token that stands in the record, or by the id behind it where
// whoever sends it has looked it up.

import { isPatientToken } from '../../patients/patient-token.ts';

/** A system of null: the number that the EHR itself uses. */
export interface PatientIdentity {
  readonly value: string;
  readonly system: string | null;
}

/** Of the text that a record has for its patient. */
export type IdentifyPatient = (recorded: string) => PatientIdentity;

export const patientTokenSystem = 'urn:wardgate:patient-token';

/** As it is recorded. Records that are older than tokens hold the EHR's own number. */
export function identityByToken(recorded: string): PatientIdentity {
  return { value: recorded, system: isPatientToken(recorded) ? patientTokenSystem : null };
}

/** By the id where `idOf` knows it, else as it is recorded. */
export function identityById(idOf: (token: string) => string | undefined): IdentifyPatient {
  return (recorded) => {
    const id = idOf(recorded);
    return id === undefined ? identityByToken(recorded) : { value: id, system: null };
  };
}
