// Cases as their parts see each other: how they are kept, and what reviewers and the people asked may do to one.

import type { Case, CaseAlert, CaseOrigin, CasePerson, CaseStep, Disposition } from './core/cases/case.ts';
import type { DetectorName } from './core/detect/detector.ts';
import type { StepRefused } from './core/cases/judge-step.ts';
import type { Reviewer } from './recertification-ports.ts';

/** A step that is kept and does not count before its record is durable. */
export interface PreparedStep {
  readonly id: string;
  /** Of the case. */
  readonly of: string;
  readonly step: CaseStep;
  readonly alerts: readonly CaseAlert[];
  /** Of the first step, which opens the case. */
  readonly opens: Pick<Case, 'person' | 'patient'> | null;
  /** Name of the log that the step is recorded in. */
  readonly log?: string | null;
}

export interface AskedCases {
  readonly open?: boolean;
  /** A SeenPerson's key. */
  readonly person?: string;
  /** Login name, in upper or lower case. */
  readonly name?: string;
  /** One of its alerts is of this detector; `review`: no detector noticed it. */
  readonly detector?: DetectorName | 'review';
  /** Those that were opened before this case: the next page of a list. */
  readonly behind?: string;
  /** When it was opened: from then on, and before then. */
  readonly from?: number;
  readonly until?: number;
  readonly most: number;
}

export interface AskedAlerts {
  readonly since: number;
  /** Login name, as the record has it. */
  readonly name?: string;
  readonly person?: Pick<CasePerson, 'issuer' | 'sub'>;
  /** None is of `review`. */
  readonly detector?: DetectorName | 'review';
  /** Before this record: the next page of a list. */
  readonly before?: number;
  readonly most: number;
}

/** The newest first. `next` is the `before` of the page behind this one; null where there is none. */
export interface FoundAlerts {
  readonly alerts: readonly CaseAlert[];
  readonly next: number | null;
}

/** All of it rejects with Fault `session-store-unavailable`, and nothing is kept then. */
export interface CaseStore {
  /** What the record says of the step's text; null where it has none. */
  prepare(step: PreparedStep): Promise<string | null>;
  /** It is on record under this number, and counts from now on. */
  count(id: string, record: number): Promise<void>;
  forget(id: string): Promise<void>;
  /** What was prepared and does not count, the oldest first. */
  pending(): Promise<readonly { readonly id: string; readonly at: number; readonly log?: string }[]>;
  find(id: string): Promise<Case | null>;
  /** Newest first. */
  list(asked: AskedCases): Promise<readonly Case[]>;
  /** The case that an alert's record belongs to already. */
  ofAlert(sequence: number): Promise<string | null>;
  /** Records of the alerts in cases that are closed and were opened since then, the newest cases first; a bounded number. */
  closedAlerts(since: number): Promise<readonly number[]>;
  openCases(): Promise<number>;
}

/** Somebody at a keyboard, or the gateway by itself, as a detector's response does. */
export type CaseHand = Reviewer | 'gateway';

export type CaseRefused = StepRefused | 'no-case' | 'no-alerts' | 'several-people' | 'has-case' | 'no-disposition-chosen';

/** A step that a reviewer asks for. `text` is null for a step that has none. */
export interface AskedOfCase {
  readonly kind: 'finding' | 'message' | 'question' | 'question-withheld' | 'disposition' | 'sanction' | 'closed' | 'reopened';
  readonly text: string | null;
  readonly disposition: Disposition | null;
}

/** An item of a review: the record that it is about, and what the review says of it. */
export interface ReviewFinding {
  readonly record: number;
  readonly origin: CaseOrigin;
  readonly words: string;
}

/** What a case is opened about, or what is put to it: numbers of alerts' records, or an item of a review. */
export type CaseSubject = readonly number[] | ReviewFinding;

/** Everything is on record before it counts, refusals too; null where it was done. Rejects with the Faults of log and store. */
export interface Cases {
  /** Alerts are all of one person. */
  open(by: CaseHand, about: CaseSubject): Promise<{ readonly opened: string } | { readonly refused: CaseRefused }>;
  /** Puts them to a case that is open. */
  addAlerts(by: CaseHand, id: string, about: CaseSubject): Promise<CaseRefused | null>;
  take(by: Reviewer, id: string, asked: AskedOfCase): Promise<CaseRefused | null>;
  putQuestion(by: CaseHand, id: string, text: string): Promise<CaseRefused | null>;
  /** Of the person whom the case is about, and nobody else. */
  takeAnswer(from: Reviewer, id: string, text: string): Promise<CaseRefused | null>;
  reply(from: Reviewer, id: string, text: string): Promise<CaseRefused | null>;
  postpone(from: Reviewer, id: string): Promise<CaseRefused | null>;
  seen(from: Reviewer, id: string): Promise<CaseRefused | null>;
  /** Open cases in which this person has been asked and has not answered. */
  questionsTo(person: Pick<CasePerson, 'issuer' | 'sub'>): Promise<readonly Case[]>;
  /** Puts on record that a closed case was handed out. */
  handOut(
    by: Reviewer,
    id: string,
  ): Promise<{ readonly case: Case; readonly record: number } | { readonly refused: CaseRefused }>;
  find(id: string): Promise<Case | null>;
  list(asked: AskedCases): Promise<readonly Case[]>;
  ofAlert(sequence: number): Promise<string | null>;
  /** The alert of this record; null where the search does not have it, or not yet. */
  alertAt(sequence: number): Promise<CaseAlert | null>;
  alerts(asked: AskedAlerts): Promise<FoundAlerts>;
}

/** Who has something of a case waiting, at hand without asking a store. */
export interface OpenQuestions {
  /** A question goes before a message; null where nothing waits, or all of it was put off. */
  waiting(person: Pick<CasePerson, 'issuer' | 'sub'>, now: number): 'question' | 'message' | null;
  /** Epoch milliseconds at which the newest of it was said; 0 for nothing. */
  newest(person: Pick<CasePerson, 'issuer' | 'sub'>, now: number): number;
}
