// What IT may import about who has to do with whom, as plain rows. Ids of patients, addresses and the like are opaque here: the
// same text is the same thing, so the gateway hands in tokens and keyed hashes, and a simulation whatever it likes.

export const relationKinds = ['appointments', 'staff', 'demographics', 'confidential'] as const;
export type RelationKind = (typeof relationKinds)[number];

/** An appointment or encounter, on the clinic's clock. */
export interface Appointment {
  readonly patient: string;
  /** `2026-11-30`. */
  readonly day: string;
  /** After midnight; null where only the day is known. */
  readonly minute: number | null;
  /** As the schedule calls them: a login name or a name. */
  readonly clinician: string | null;
  readonly department: string | null;
}

/** By what two entries can be told to be one person, or one household. */
export interface Traits {
  readonly email: string | null;
  readonly phone: string | null;
  readonly address: string | null;
  /** Name and date of birth together. */
  readonly nameAndBirth: string | null;
  readonly surname: string | null;
}

export const traitNames = ['email', 'phone', 'address', 'nameAndBirth', 'surname'] as const satisfies (keyof Traits)[];

/** A row of the roster; somebody with several shifts has several. */
export interface StaffMember extends Traits {
  readonly login: string;
  readonly name: string;
  readonly role: string | null;
  readonly department: string | null;
  /** Their own chart, where the roster names it. */
  readonly patient: string | null;
  /** On the clinic's clock, `2026-11-30T07:00`; null where the row is no shift. */
  readonly shift: { readonly from: string; readonly to: string } | null;
  /** When they gave or were given notice, and the last day of employment. */
  readonly noticeDay: string | null;
  readonly endDay: string | null;
}

export interface PatientDetails extends Traits {
  /** At least one; all of them are one patient. */
  readonly ids: readonly string[];
}

export interface ConfidentialPatient {
  readonly patient: string;
}

/** Null for what was never imported: what needs it is off then. Each is gone through once. */
export interface RelationRows {
  readonly appointments: Iterable<Appointment> | null;
  readonly staff: Iterable<StaffMember> | null;
  readonly demographics: Iterable<PatientDetails> | null;
  readonly confidential: Iterable<ConfidentialPatient> | null;
}

export const noRelationRows: RelationRows = { appointments: null, staff: null, demographics: null, confidential: null };
