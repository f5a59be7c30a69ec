// A certified review: what was done in a period, or under one emergency access, looked at item by item and signed.
// Plain values; times are epoch milliseconds.

export interface ReviewPerson {
  readonly issuer: string;
  readonly sub: string;
  readonly name: string;
}

/** `triage`: the alerts of a week. `monthly`: a sample of a month. `emergency`: one emergency access. */
export type ReviewKind = 'triage' | 'monthly' | 'emergency';

export const reviewDispositions = ['fine', 'question', 'case'] as const;
export type ReviewDisposition = (typeof reviewDispositions)[number];

/** How people came to a patient's data, or did not. */
export const accessKinds = ['emergency', 'denied', 'download', 'after-hours', 'chart'] as const;
export type AccessKind = (typeof accessKinds)[number];

export interface ReviewItemFacts {
  readonly number: number;
  /** Number of the record that it is about. */
  readonly record: number;
  readonly time: number;
  readonly person: ReviewPerson | null;
  /** As the record has them; `none` where it has none. */
  readonly roles: string;
  /** A kind of access, or the detector of an alert. */
  readonly kind: string;
  /** Token. */
  readonly patient: string | null;
  readonly words: string;
}

export interface Disposed {
  readonly disposition: ReviewDisposition;
  readonly note: string;
  readonly by: ReviewPerson;
  readonly at: number;
}

export interface ReviewItem extends ReviewItemFacts {
  readonly disposed: Disposed | null;
}

export interface Stratum {
  readonly roles: string;
  readonly kind: string;
  readonly accesses: number;
  readonly drawn: number;
}

/** What the items stand for. */
export interface Population {
  /** Records from the first to the last of the period. */
  readonly records: number;
  readonly people: number;
  readonly patients: number;
  readonly chartsOpened: number;
  /** More accesses than are drawn from; the newest are. */
  readonly isCut: boolean;
}

export interface CoverageGap {
  readonly kind: string;
  readonly from: number;
  readonly until: number;
}

export interface ReviewCheckpoint {
  readonly size: number;
  readonly root: string;
}

/** The tree up to the first record behind the period gives the seed: there is one, and nobody chooses it. */
export interface SampleFacts {
  readonly seed: string;
  /** As alerts.yaml said; more are drawn where there are more strata, fewer where there were fewer accesses. */
  readonly wanted: number;
  readonly size: number;
  readonly checkpoint: ReviewCheckpoint;
  readonly strata: readonly Stratum[];
}

export interface ReviewFacts {
  readonly id: string;
  readonly kind: ReviewKind;
  /** `2026-11`, the Monday of a week, or the number of the emergency access. */
  readonly period: string;
  readonly since: number;
  readonly until: number;
  readonly preparedAt: number;
  readonly dueAt: number;
  readonly population: Population;
  readonly gaps: readonly CoverageGap[];
  readonly unwatchedMilliseconds: number;
  readonly sample: SampleFacts | null;
}

export interface Review extends ReviewFacts {
  readonly items: readonly ReviewItem[];
  /** The exact text that was signed; null before. */
  readonly statement: string | null;
  readonly signedAt: number | null;
  /** When it was put on record that it is late. */
  readonly overdueAt: number | null;
}

/** The case in which an item's record is looked into; `disposition` is null before it has one. */
export interface AlertCase {
  readonly record: number;
  readonly id: string;
  readonly disposition: string | null;
}

export const mostReviewNote = 200;

/** An emergency access is over with its disposition; everything else is signed. */
export function isDone({ kind, items, signedAt }: Review): boolean {
  return kind === 'emergency' ? items.every(({ disposed }) => disposed !== null) : signedAt !== null;
}
