// The kinds of ids that a directory of patients may have.

/** As an export calls them: the EHR's own number, the medical record number, the long id of newer programs. */
export const patientIdKinds = ['pid', 'mrn', 'uuid'] as const;
export type PatientIdKind = (typeof patientIdKinds)[number];
