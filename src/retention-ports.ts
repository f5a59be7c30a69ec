// How long records are kept, and what keeps some of them longer, as those see it who are asked about it.

import type { ToldHold } from './core/audit/hold.ts';

/** A hold in force; `at` is when it was placed, ISO 8601, UTC. */
export interface KeptHold extends ToldHold {
  readonly at: string;
}

/** The holds of this gateway's record. Each change stands on record and is on the disk when it resolves. */
export interface Holds {
  /** Null where they cannot be read: then nothing may be let go, and nothing changed. */
  list(): readonly KeptHold[] | null;
  add(hold: ToldHold): Promise<void>;
  release(name: string, by: string, because: string): Promise<void>;
}
