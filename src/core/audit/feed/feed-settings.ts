// What a feed of the access record is set to: who gets it, in which form, and what of it.

/** Where the record goes as audit messages of the field. */
export type FeedSettings = SyslogFeedSettings | FhirFeedSettings;

interface FeedParts {
  readonly trustFile: string | null;
  /** What the gateway shows of itself; null: nothing. */
  readonly certificateFile: string | null;
  readonly keyFile: string | null;
  /** Whether the receiver gets ids of patients or their tokens. */
  readonly patients: 'token' | 'resolved';
  /** What a receiver gets that is new. */
  readonly from: 'beginning' | 'now';
}

export interface SyslogFeedSettings extends FeedParts {
  readonly kind: 'syslog';
  readonly host: string;
  readonly port: number;
  readonly dialect: 'ihe' | 'dicom';
  /** What shows that messages were read: the answer to the end of TLS, or the end of TCP alone. */
  readonly confirm: 'close-notify' | 'close';
  /** Messages that one connection carries at most, and so that are repeated at most. */
  readonly window: number;
}

export interface FhirFeedSettings extends FeedParts {
  readonly kind: 'fhir';
  /** Without a slash at its end. */
  readonly url: string;
  /** The header Authorization; null: none. */
  readonly authorization: string | null;
}
