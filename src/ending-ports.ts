// What the end of somebody's access needs from the world: that it is kept as begun until all of it is done, and what else is
// theirs beyond sessions, factors and passwords.

import type { Candidate } from './control-ports.ts';
import type { AuditEntry } from './core/audit/entry.ts';
import type { Subject } from './core/session/session.ts';

/** An end that was ordered. Times are epoch milliseconds. */
export interface Ending extends Pick<Subject, 'issuer' | 'sub' | 'name'> {
  /** When the clinic heard of it; null where nobody said. */
  readonly noticedAt: number | null;
}

export interface Endings {
  /** Shuts the door and notes, in one step, that the rest is still to be done. Keeps the notice of before where none is given. */
  begin(ending: Ending, at: number): Promise<void>;
  /** Those that were begun before then, or ever, and never done, the oldest first. */
  open(begunBefore?: number): Promise<readonly Ending[]>;
  done(ending: Ending): Promise<void>;
}

/** Emergency accesses that are open. */
export interface GrantEnds {
  /** Closes everything of theirs from this moment on, on disk before it returns. How many there were. */
  endOf(issuer: string, sub: string, now: number): Promise<number>;
}

export interface EndedStep {
  readonly what: string;
  readonly count: number;
  /** ISO 8601. */
  readonly at: string;
}

/** What was taken away, in its order. */
export interface EndedPerson {
  readonly name: string;
  readonly steps: readonly EndedStep[];
  readonly minutesFromNotice: number | null;
}

export type LookedUp =
  | {
      readonly found: 'one';
      readonly person: Candidate;
      readonly issuer: string;
      readonly sessions: number;
      readonly hasLeft: boolean;
    }
  | { readonly found: 'none' | 'several'; readonly why: string; readonly candidates: readonly Candidate[] };

/** An end that somebody orders in the console. */
export interface ConsoleEnd {
  /** As the page showed them. */
  readonly asked: string;
  readonly sub: string;
  /** As it was typed; empty where nobody said. */
  readonly notice: string;
  readonly because: string;
  /** Login name of whoever orders it. */
  readonly by: string;
  /** The request that orders it, for the record. */
  readonly where: Pick<AuditEntry, 'request' | 'address' | 'agent' | 'application'>;
}

/** Ends of access, for the console. */
export interface EndDesk {
  look(asked: string): Promise<LookedUp>;
  /** A string: why nothing was done. The order is on record first. */
  end(order: ConsoleEnd): Promise<EndedPerson | string>;
}
