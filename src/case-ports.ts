// Cases as their parts see each other: what is kept of one, what a reviewer does to it, and what its person is asked.

import type { DetectorName } from './core/detect/detector.ts';
import type { SeenPerson } from './core/detect/seen.ts';

/** An alert as its record says it. Times are epoch milliseconds. */
export interface CaseAlert {
  /** Of the alert's record. */
  readonly sequence: number;
  readonly time: number;
  readonly detector: DetectorName;
  /** Null where it is no single person's doing. */
  readonly person: SeenPerson | null;
  /** Token; null where it is about no single patient. */
  readonly patient: string | null;
  readonly words: string;
}

/** Somebody who did something to a case: a reviewer, its person, or the gateway itself. */
export type CaseActor = { readonly issuer: string; readonly sub: string; readonly name: string } | 'gateway';

/** What the reviewer found of it in the end; each counts for or against the detectors that spoke up. */
export type Disposition = 'violation' | 'justified' | 'false-alarm' | 'unclear';

/** Every step of a case, in their order. Each is on record before it is kept. */
export type CaseStep = { readonly at: number; readonly by: CaseActor } & (
  | { readonly kind: 'opened' | 'alert-added'; readonly alerts: readonly number[] }
  | { readonly kind: 'finding' | 'message' | 'question' | 'answer' | 'sanction'; readonly text: string }
  | { readonly kind: 'question-withheld' | 'question-postponed' | 'question-seen' | 'reopened' }
  | { readonly kind: 'disposition'; readonly disposition: Disposition; readonly text: string }
  | { readonly kind: 'closed'; readonly text: string }
);

export interface Case {
  readonly id: string;
  readonly openedAt: number;
  /** Null where it is nobody's in particular. */
  readonly person: SeenPerson | null;
  readonly patient: string | null;
  readonly alerts: readonly CaseAlert[];
  readonly steps: readonly CaseStep[];
}

/** All of it rejects with Fault `session-store-unavailable`, and nothing is kept then. */
export interface CaseStore {
  open(opened: Case): Promise<void>;
  add(id: string, step: CaseStep, alerts: readonly CaseAlert[]): Promise<void>;
  find(id: string): Promise<Case | null>;
  /** Newest first; `person` is a SeenPerson's key. */
  list(asked: {
    readonly open?: boolean;
    readonly person?: string;
    readonly from?: number;
    readonly until?: number;
    readonly most: number;
  }): Promise<readonly Case[]>;
  /** The case that an alert's record belongs to already. */
  ofAlert(sequence: number): Promise<string | null>;
}
