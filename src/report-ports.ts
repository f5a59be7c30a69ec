// What a report is made of: counting and listing the record, its coverage, the names of patients, and what the record can be
// held against.

import type { HoursSpan } from './core/policy/policy.ts';
import type { Language } from './core/language/language.ts';
import type { Coverage, CoveredRecords } from './core/report/coverage.ts';
import type { Evidence } from './core/report/evidence.ts';
import type { Period } from './core/report/report.ts';
import type { DisclosureBook } from './disclosure-ports.ts';
import type { PatientNames } from './patient-ports.ts';
import type { ReportSetup } from './report-setup-ports.ts';
import type { FoundRequest, RecordQuery, RecordSearch } from './search-ports.ts';

/** What requests are counted by. `quarter` is the beginning of their quarter of an hour, epoch milliseconds. */
export type TallyKey =
  | 'event'
  | 'person'
  | 'roles'
  | 'session'
  | 'device'
  | 'factor'
  | 'address'
  | 'application'
  | 'method'
  | 'patient'
  | 'patientSource'
  | 'category'
  | 'action'
  | 'rule'
  | 'decision'
  | 'reason'
  | 'detail'
  | 'quarter';

export interface TallyRow {
  /** In the order that was asked for; null: not said. A person is their login name, `machine lab` for a machine. */
  readonly keys: readonly (string | number | null)[];
  readonly count: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Of the first and the last, epoch milliseconds. */
  readonly since: number;
  readonly until: number;
  /** Numbers of the first and the last record. */
  readonly first: number;
  readonly last: number;
}

/** The groups with most requests first. */
export interface Tally {
  readonly rows: readonly TallyRow[];
  /** Groups that were not counted, because there were too many. */
  readonly isCut: boolean;
}

export interface ReportRecords extends Pick<RecordSearch, 'search'> {
  /** At most `mostTallied` groups. Rejects where it takes too long. */
  tally(query: RecordQuery, by: readonly TallyKey[]): Promise<Tally>;
  /** What the record says about itself in a time, which ends with what is not in the future. */
  watch(since: number, until: number): Promise<Watched>;
  /**
   * When a person, or a person with a patient, was on record first, in the order that was asked for; null where never. At most
   * `mostFirsts`.
   */
  firsts(asked: readonly FirstAsked[]): Promise<readonly (number | null)[]>;
  /** Requests drawn by lot, of each role so many: the same ones for the same seed and the same record. */
  sample(query: RecordQuery, sizes: readonly SampleSize[], seed: number): Promise<readonly FoundRequest[]>;
}

export interface FirstAsked {
  /** Login name; `machine lab` for a machine. */
  readonly person: string;
  /** As the record has it; null for anything at all. */
  readonly patient: string | null;
}

export interface SampleSize {
  /** As the record has them; null for requests of nobody with roles. */
  readonly roles: string | null;
  readonly size: number;
}

/** All of the coverage but what only a finished report knows. */
export interface Watched extends Omit<Coverage, 'unknownPatients' | 'unresolvedRequests'> {
  /** What of `records` stands in the log of this gateway: the one that its checkpoints vouch for. */
  readonly ownRecords: CoveredRecords | null;
}

export interface ReportSources {
  readonly records: ReportRecords;
  readonly patients: PatientNames;
  /** The words of disclosures, and what is held back. */
  readonly disclosures: Pick<DisclosureBook, 'open' | 'suspensions'>;
  readonly clinic: {
    readonly name: string;
    readonly timezone: string;
    /** Empty where they are not configured. */
    readonly hours: readonly HoursSpan[];
    readonly language: Language;
  };
  /** The configuration of now. */
  readonly setup: ReportSetup;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The most rows of one table. */
  readonly mostRows: number;
  readonly evidence: () => Promise<Evidence>;
}

/** What somebody wants to know. */
export interface ReportAsks {
  readonly period: Period;
  readonly person: string | null;
  readonly patient: string | null;
  readonly forPatient: boolean;
  /** Draws the same sample again; null for a new one. */
  readonly seed: number | null;
}
