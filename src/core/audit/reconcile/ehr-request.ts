// One request as an EHR's own access log tells of it, in the form in which it is compared to our records.

/** `names` are those of the query; null where the log does not show the query. `address` is null where it shows none. */
export interface EhrRequest {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly address: string | null;
  /** Empty where the request line cannot be read: such a request is never explained by a record of ours. */
  readonly method: string;
  readonly path: string;
  readonly names: string | null;
  readonly status: number | null;
  /** As it stands in the log, where `path` and `names` were brought into another form to be compared. */
  readonly shown?: ShownAddress;
}

export interface ShownAddress {
  readonly path: string;
  readonly names: string | null;
}

/** What a line of such a log is. `other` tells of no request; `continued` is a further line of a message before it. */
export type ReadLine =
  | { readonly is: 'request'; readonly request: EhrRequest }
  | { readonly is: 'other' | 'continued' }
  | { readonly is: 'unreadable'; readonly why: string };

export type LogFormat = 'common' | 'combined' | 'orthanc';

/** What a log without years or zones needs to be read. */
export interface LogClock {
  readonly now: number;
  /** Epoch milliseconds at which the EHR's clock shows what UTC shows at `shown`. */
  readonly fromWall: (shown: number) => number;
}
