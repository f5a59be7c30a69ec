// What a report can be held against: the last checkpoint of the record when it was made, where that is kept, and what a run of
// the verifier said.

export interface Evidence {
  /** Null where the gateway has written none yet. */
  readonly checkpoint: EvidenceCheckpoint | null;
  readonly anchors: readonly EvidenceAnchor[];
  /** Null where it was not run for this report. */
  readonly verification: EvidenceVerification | null;
}

export interface EvidenceCheckpoint {
  readonly origin: string;
  /** Records under it. */
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** Which key signed it, hex. */
  readonly keyId: string;
  /** The signed note as it stands. */
  readonly note: string;
}

export interface EvidenceAnchor {
  readonly where: string;
  /** Records under the newest checkpoint there; 0 before the first. */
  readonly size: number;
  /** Epoch milliseconds; null before the first. */
  readonly at: number | null;
  readonly failure: string | null;
  /** On the log's own disk, and so no anchor. */
  readonly isNear: boolean;
}

export interface EvidenceVerification {
  readonly sound: boolean;
  readonly records: number;
  readonly lastSequence: number;
  /** Checkpoints that the records were held against. */
  readonly checkpoints: number;
  /** Whole sentences. */
  readonly findings: readonly string[];
}
