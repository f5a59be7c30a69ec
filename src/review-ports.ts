// Certified reviews as their parts see each other: what is kept, and what the console's pages may do.

import type { AskedDisposal, DisposalRefused } from './core/review/judge-disposal.ts';
import type { ReviewSignatureRefused } from './core/review/judge-review-signature.ts';
import type { AlertCase, Disposed, Review, ReviewFacts, ReviewItemFacts, ReviewKind } from './core/review/review.ts';
import type { Reviewer } from './recertification-ports.ts';
import type { FoundRequest } from './search-ports.ts';

/** Everything rejects with Fault `session-store-unavailable`. */
export interface ReviewStore {
  begin(facts: ReviewFacts, items: readonly ReviewItemFacts[]): Promise<void>;
  find(id: string): Promise<Review | null>;
  /** Those that are not over first, then the newest of the others; without the first `from` of these. */
  list(most: number, from?: number): Promise<readonly Review[]>;
  /** The periods of the newest of a kind. */
  periods(kind: ReviewKind, most: number): Promise<readonly string[]>;
  dispose(id: string, items: readonly number[], disposed: Disposed): Promise<void>;
  /** Before it is on record. */
  keepStatement(id: string, statement: string): Promise<void>;
  /** Behind its record. False where it was signed before. */
  sign(id: string, at: number): Promise<boolean>;
  markOverdue(id: string, at: number): Promise<void>;
}

/** A sample that was drawn anew; `isFirst`: its tree is the first behind the period; `same`: it is the one that was kept. */
export interface Redrawn {
  readonly review: Review;
  readonly seed: string;
  readonly records: readonly number[];
  readonly isFirst: boolean;
  readonly same: boolean;
}

export interface ReviewView {
  readonly review: Review;
  /** Hash of it as it is. */
  readonly list: string;
  /** Of a signed one, whether the certificate that was kept is the one on record; null where the record does not show it yet. */
  readonly unaltered: boolean | null;
  /** Of items that somebody looks into in a case, or did. */
  readonly cases: readonly AlertCase[];
  /** The record of an emergency access; null of any other review. */
  readonly opened: FoundRequest | null;
}

export interface Reviews {
  /** Those that are not over first; `next` is the `from` of the page behind, null where there is none. */
  page(from: number): Promise<{ readonly reviews: readonly Review[]; readonly next: number | null }>;
  view(id: string): Promise<ReviewView | null>;
  /**
   * Null where it was done, and is on record. What is disposed of as a case is in one then; `case-refused` where the desk of cases
   * would not have it.
   */
  dispose(reviewer: Reviewer, id: string, asked: AskedDisposal): Promise<DisposalRefused | 'no-review' | 'case-refused' | null>;
  sign(reviewer: Reviewer, id: string, shown: string): Promise<ReviewSignatureRefused | 'no-review' | null>;
  /** The reviewer has confirmed for this signature. */
  isConfirmed(review: Review, reviewer: Reviewer): boolean;
  /** Login name of whoever takes what concerns a reviewer; null where nobody is named. */
  readonly deputy: string | null;
}
