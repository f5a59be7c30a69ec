// What a person was refused and may ask for.

/** The refusal, in the words of its record. */
export interface AskedAccess {
  /** Id of the refused request. */
  readonly request: string;
  readonly application: string | null;
  readonly method: string;
  /** Canonical path, then the query without its values. */
  readonly target: string;
  readonly rule: string | null;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
}
