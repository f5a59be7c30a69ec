// What the detectors see: one record of the log, with the moment on the clinic's clock beside it. They follow the record
// and nothing else, so what they say can be shown from it, and a gateway that was killed loses none of it.

/** `time` is epoch milliseconds; what the record does not say is null. */
export interface Seen {
  readonly sequence: number;
  readonly time: number;
  readonly local: LocalMoment;
  readonly event: string;
  /** Null for nobody, and for machines, whose work is no sign of anything here. */
  readonly person: SeenPerson | null;
  /** Our names of their roles, between commas. */
  readonly roles: string | null;
  readonly session: string | null;
  readonly agent: string | null;
  readonly category: string | null;
  readonly action: string | null;
  /** How a reply was known for a download. */
  readonly download: string | null;
  readonly device: string | null;
  readonly address: string | null;
  readonly patient: string | null;
  readonly reason: string | null;
  readonly activity: string | null;
  readonly bytesOut: number | null;
  readonly detail: string | null;
}

export interface SeenPerson {
  readonly issuer: string;
  readonly sub: string;
  readonly name: string;
  /** The same for the same person, whatever they are called. */
  readonly key: string;
}

/** On the clinic's clock. */
export interface LocalMoment {
  /** 0 is Sunday. */
  readonly weekday: number;
  /** After midnight. */
  readonly minute: number;
  /** `2026-11-30`. */
  readonly day: string;
  /** Within the hours that the clinic says it is open. */
  readonly open: boolean;
}
