// Cases as their parts see each other: how they are kept, and what reviewers and the people asked may do to one.

import type { Case, CaseAlert, CaseStep } from './core/cases/case.ts';

/** A step that is kept and does not count before its record is durable. */
export interface PreparedStep {
  readonly id: string;
  /** Of the case. */
  readonly of: string;
  readonly step: CaseStep;
  readonly alerts: readonly CaseAlert[];
  /** Of the first step, which opens the case. */
  readonly opens: Pick<Case, 'person' | 'patient'> | null;
}

export interface AskedCases {
  readonly open?: boolean;
  /** A SeenPerson's key. */
  readonly person?: string;
  /** When it was opened: from then on, and before then. */
  readonly from?: number;
  readonly until?: number;
  readonly most: number;
}

/** All of it rejects with Fault `session-store-unavailable`, and nothing is kept then. */
export interface CaseStore {
  /** What the record says of the step's text; null where it has none. */
  prepare(step: PreparedStep): Promise<string | null>;
  /** It is on record under this number, and counts from now on. */
  count(id: string, record: number): Promise<void>;
  forget(id: string): Promise<void>;
  /** What was prepared and does not count, the oldest first. */
  pending(): Promise<readonly { readonly id: string; readonly at: number }[]>;
  find(id: string): Promise<Case | null>;
  /** Newest first. */
  list(asked: AskedCases): Promise<readonly Case[]>;
  /** The case that an alert's record belongs to already. */
  ofAlert(sequence: number): Promise<string | null>;
}
