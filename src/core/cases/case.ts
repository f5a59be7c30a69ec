// A case: alerts that one reviewer looks into, and every step from there to its end.

import type { DetectorName } from '../detect/detector.ts';
import type { SeenPerson } from '../detect/seen.ts';

/** An alert as its record says it, or another record that a review brought up. Times are epoch milliseconds. */
export interface CaseAlert {
  /** Of its record. */
  readonly sequence: number;
  readonly time: number;
  /** Null where no detector spoke up: a reviewer came upon it in a review. */
  readonly detector: DetectorName | null;
  /** Null where it is no single person's doing. */
  readonly person: SeenPerson | null;
  /** Token; null where it is about no single patient. */
  readonly patient: string | null;
  readonly words: string;
}

export interface CasePerson {
  readonly issuer: string;
  readonly sub: string;
  readonly name: string;
}

/** Somebody who did something to a case: a reviewer, its person, or the gateway itself. */
export type CaseActor = CasePerson | 'gateway';

export const dispositions = ['violation', 'justified', 'false-alarm', 'unclear'] as const;

/** What the reviewer found of it in the end; each counts for or against the detectors that spoke up. */
export type Disposition = (typeof dispositions)[number];

/** The item of a review that brought a record up. */
export interface CaseOrigin {
  /** Its id. */
  readonly review: string;
  readonly item: number;
}

/** Every step of a case, in their order. Each is on record before it counts. */
export type CaseStep = { readonly at: number; readonly by: CaseActor } & (
  | { readonly kind: 'opened' | 'alert-added'; readonly alerts: readonly number[]; readonly origin?: CaseOrigin }
  | { readonly kind: 'finding' | 'message' | 'question' | 'answer' | 'sanction'; readonly text: string }
  | { readonly kind: 'question-withheld' | 'question-postponed' | 'question-seen' | 'reopened' }
  | { readonly kind: 'disposition'; readonly disposition: Disposition; readonly text: string }
  | { readonly kind: 'closed'; readonly text: string }
);

export type StepKind = CaseStep['kind'];

/** A step that is on record, under its number; `commitment` is what the record says of its text. */
export type KeptStep = CaseStep & { readonly id: string; readonly record: number; readonly commitment: string | null };

export interface Case {
  readonly id: string;
  readonly openedAt: number;
  /** Null where it is nobody's in particular. */
  readonly person: SeenPerson | null;
  readonly patient: string | null;
  readonly alerts: readonly CaseAlert[];
  readonly steps: readonly KeptStep[];
}

/** Characters of one text. */
export const mostStepText = 2000;
/** Steps and alerts of one case. */
export const mostSteps = 200;
export const mostCaseAlerts = 100;
