// What a report is made of: counting and listing the record, its coverage, the names of patients, and what the record can be
// held against.

import type { HoursSpan } from './core/policy/policy.ts';
import type { Language } from './core/language/language.ts';
import type { Coverage } from './core/report/coverage.ts';
import type { Evidence } from './core/report/evidence.ts';
import type { Period } from './core/report/report.ts';
import type { PatientNames } from './patient-ports.ts';
import type { RecordQuery, RecordSearch } from './search-ports.ts';

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
  /** What the record says about itself in a time. */
  watch(since: number, until: number): Promise<Watched>;
}

/** All of the coverage but what only a finished report knows. */
export type Watched = Omit<Coverage, 'unknownPatients' | 'unresolvedRequests'>;

export interface ReportSources {
  readonly records: ReportRecords;
  readonly patients: PatientNames;
  readonly clinic: {
    readonly name: string;
    readonly timezone: string;
    /** Empty where they are not configured. */
    readonly hours: readonly HoursSpan[];
    readonly language: Language;
  };
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
}
