// Where a patient is carried from page to page, and what is known of them there.

import type { Session } from './session.ts';

/** The patient carried in a session of the EHR; null for nobody; `ambiguous` says why nobody knows. */
export type SelectedPatient = string | null | { readonly ambiguous: string };

/** Where a patient is carried: in whose session, of which application, by which value of its session cookie. */
export interface EhrPlace {
  readonly session: Session;
  readonly application: {
    readonly name: string;
    readonly sessionCookie?: string | null;
    readonly patientPerPerson?: boolean;
  };
  /** Null where the request belongs to no session of the EHR. */
  readonly ehrSession: string | null;
}
