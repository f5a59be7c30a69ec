// What the doctor found: one verdict, the requests that led to it, and words for both.

import type { ShownStep } from './shown-step.ts';

export type DoctorVerdict =
  | 'signed-on'
  | 'refused'
  | 'password-change'
  /** Neither success nor failure. */
  | 'unrecognised'
  /** The recipe does not fit this EHR. */
  | 'broken'
  /** No answer, or none that can be read. */
  | 'unreachable'
  /** Nothing was sent: there is nothing to sign on with. */
  | 'no-credential'
  /** Nothing was sent: the EHR refused this credential before. */
  | 'marked-refused';

export interface Examination {
  readonly verdict: DoctorVerdict;
  /** Place in the preset of the test or step that decided; null where none did. */
  readonly decidedBy: string | null;
  /** What happened, in one sentence. */
  readonly says: string;
  /** What to do next; null where nothing is to be done. */
  readonly next: string | null;
  readonly steps: readonly ShownStep[];
  /** The logout that followed; null where none was sent. */
  readonly logout: ShownStep | null;
}

/** An examination in which nothing was sent. */
export function unexamined(verdict: DoctorVerdict, says: string, next: string): Examination {
  return { verdict, decidedBy: null, says, next, steps: [], logout: null };
}
