// What several gateways must remember together for minutes, between a page and the form that it sends: a gateway alone has it in
// memory.

/** Texts are sealed. Everything rejects with Fault `session-store-unavailable`. */
export interface ShortNotes {
  /** `owner` is whose it is, `most` how many of the kind one owner may have: the oldest go first. Replaces one of the same id. */
  put(note: ShortNote, most: number): Promise<void>;
  /** The text, for the one caller that took it out in its time; null for everybody else. */
  take(kind: string, owner: string, id: string): Promise<string | null>;
  /** Those of an owner, the oldest first. */
  list(kind: string, owner: string): Promise<readonly { readonly id: string; readonly text: string }[]>;
}

export interface ShortNote {
  readonly kind: string;
  readonly owner: string;
  readonly id: string;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly until: number;
}
