// Who the people are that have signed in here, so that a command can name them as they are named at a keyboard.

import type { Subject } from './core/session/session.ts';

/** A person as the gateway has last seen them. Times are epoch milliseconds. */
export interface KnownPerson {
  readonly issuer: string;
  readonly sub: string;
  /** Login name at their last sign-in; null where only something of theirs is kept, from before names were. */
  readonly name: string | null;
  readonly displayName: string | null;
  /** Their last sign-in; null where it was before it was noted. */
  readonly seenAt: number | null;
}

export interface PeopleRegister {
  /** They have signed in. On disk before it returns. Rejects with Fault `session-store-unavailable`. */
  seen(subject: Subject, at: number): Promise<void>;
  /** Everybody of whom anything is known, by login name. Rejects with Fault `session-store-unavailable`. */
  all(): Promise<readonly KnownPerson[]>;
}
