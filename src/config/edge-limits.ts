// What the limits of the edge come to, once read and completed: types alone, for whoever is handed them.

/** Every limit of the edge. Defaults are the design's; outside the allowed range the gateway refuses to start. */
export interface Limits {
  readonly headerBytes: number;
  readonly headerCount: number;
  readonly targetBytes: number;
  readonly bodyBytes: number;
  readonly formBytes: number;
  readonly formTimeoutSeconds: number;
  readonly headersTimeoutSeconds: number;
  readonly keepAliveSeconds: number;
  readonly requestsPerSocket: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** A body or a reader slower than this over a stall window is cut. */
  readonly minimumBytesPerSecond: number;
  readonly stallSeconds: number;
  readonly upstreamConnectSeconds: number;
  readonly upstreamHeadersSeconds: number;
  readonly upstreamBodyStallSeconds: number;
  readonly upstreamConnections: number;
  readonly upstreamConnectionsPerPerson: number;
  readonly upstreamQueue: number;
  readonly selectionWaitSeconds: number;
  readonly drainSeconds: number;
  readonly anonymousRecordsPerMinute: number;
  readonly refusalRecordsPerMinute: number;
  /** Failed sign-ons at one EHR in a minute before nobody's password is tried: EHRs lock out whole addresses. */
  readonly signOnFailuresPerMinute: number;
  readonly webSocketsPerPerson: number;
  /** A post that meets an ended session is held for its person: its size, how many of one person, and all together. */
  readonly heldPostBytes: number;
  readonly heldPostsPerPerson: number;
  readonly heldPostBytesInAll: number;
}
