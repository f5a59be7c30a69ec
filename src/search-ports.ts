// Searching the access record, as the console and the command line see it.

import type { IndexRow } from './core/audit/index-row.ts';

/** What is asked for; an absent field asks for nothing. Texts are compared exactly unless it is said otherwise. */
export interface RecordQuery {
  /** Login name; `machine lab` for a machine. */
  readonly person?: string;
  /** Exactly this person, whatever they were called. */
  readonly subject?: { readonly issuer: string; readonly sub: string };
  /** What may stand in a record for the patient: tokens, and in older records the id itself. */
  readonly patient?: string | readonly string[];
  readonly rule?: string;
  readonly decision?: string;
  readonly category?: string;
  readonly action?: string;
  readonly address?: string;
  readonly event?: string;
  /** Of an alert, the detector. */
  readonly reason?: string;
  /** Only what somebody should look at afterwards: emergency accesses, extended budgets, lock-outs, outages. */
  readonly review?: true;
  /** Only what is about a download: sent, kept back or cut. */
  readonly download?: true;
  /** Only what names a patient. */
  readonly named?: true;
  /** Leaves out attempts that have no outcome yet, or never got one. */
  readonly ended?: true;
  /** The number a person reads out. */
  readonly request?: string;
  /** Stands anywhere in the recorded target, in either case of ASCII letters. */
  readonly text?: string;
  /** Epoch milliseconds: from then on, and before then. */
  readonly since?: number;
  readonly until?: number;
  /** Only the request that this record began. */
  readonly record?: number;
  /** Only requests on record before this number: the next page of a list. */
  readonly before?: number;
}

/**
 * One request or event. `sequence` is the record that began it, `outcome` the one that ended it, as `core/audit/record-number.ts`
 * counts them. Times are epoch milliseconds.
 */
export interface FoundRequest extends Omit<IndexRow, 'person'> {
  readonly outcome: number | null;
  readonly person: string | null;
  /** The issuer and its number for the person; of a machine null. */
  readonly subject: { readonly issuer: string; readonly sub: string } | null;
}

/** Newest first, of several gateways by their time. `next` is the `before` of the page behind this one; null where there is none. */
export interface FoundPage {
  readonly requests: readonly FoundRequest[];
  readonly next: number | null;
  /** The last record of this gateway that the index knows. */
  readonly indexed: number;
}

/** Requests of one hour, counted; `hour` is its beginning, epoch milliseconds. */
export interface HourCount {
  readonly hour: number;
  readonly event: string;
  readonly decision: string | null;
  readonly count: number;
  readonly bytesOut: number;
}

/** Rejects with an error where the index cannot be read, or too many searches wait. */
export interface RecordSearch {
  search(query: RecordQuery, most: number): Promise<FoundPage>;
  hours(since: number, until: number): Promise<readonly HourCount[]>;
}
