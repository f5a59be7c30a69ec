// How much of the world a report rests on: which records, what is missing between them, and what a gateway never sees. Every
// report says it, so that nobody takes a number for more than it is.

export interface Coverage {
  /** The first and the last record of the period, and how many stand from the one to the other. Null where there is none. */
  readonly records: CoveredRecords | null;
  /**
   * Where several gateways record: how many logs it rests on, and the last record of the one that the evidence is about, as that
   * log counts. Absent for a gateway alone.
   */
  readonly together?: { readonly logs: number; readonly ownLast: number | null };
  /** The last record that was looked at; what is younger is not in the report. */
  readonly indexed: number;
  /** The newest first hundred are kept; `gapCount` counts all. */
  readonly gaps: readonly Gap[];
  readonly gapCount: number;
  /** Milliseconds of the period in which nothing was on watch, as far as the record shows. */
  readonly unwatchedMilliseconds: number;
  /** Requests to a page that names a patient, where it could not be read which. */
  readonly unresolvedRequests: number;
  /** Patients in this report whose id nobody knows any more or who are in no directory; they stand there by their token. */
  readonly unknownPatients: number;
}

export interface CoveredRecords {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly firstTime: number;
  readonly lastTime: number;
}

/**
 * `stopped`: the gateway was shut down and started again. `crashed`: it ended without a word. `silent`: no heartbeat, while it
 * should have run. `outage`: it ran, could not write, and so let nobody through. `restored`: put back from a backup.
 */
export type GapKind = 'before-first' | 'stopped' | 'crashed' | 'silent' | 'outage' | 'restored';

export interface Gap {
  readonly kind: GapKind;
  /** Numbers of the records around it; null: it lies at an end of the period. */
  readonly after: number | null;
  readonly before: number | null;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly until: number;
}
