// Where sessions are kept, as the stages and our own pages see it, and what a look into a store may give.

import type { EndReason, LockReason, Session } from './core/session/session.ts';

/** A value that may already be there: the hot path never waits for a promise it does not need. */
export type Soon<T> = T | Promise<T>;

/** Lookups have three results; `unavailable` answers 503 and never signs anybody out. */
export type Lookup<T> =
  | { readonly found: 'yes'; readonly value: T }
  | { readonly found: 'no' }
  | { readonly found: 'unavailable'; readonly cause: unknown };

/** Where a session ended, locked or got its new key: at this gateway, or at another one that shares the store with it. */
export type Where = 'here' | 'elsewhere';

/** A session before and after it got its new key. */
export interface Renamed {
  readonly before: Session;
  readonly after: Session;
}

/** Ends that hold at this gateway, and of which it is not known yet whether all others hold to them. */
export interface UnconfirmedEnds {
  readonly count: number;
  /** Since when the oldest of them is. */
  readonly since: number;
}

export interface SessionStore {
  /** `key` is the SHA-256 of the cookie's id. */
  find(key: string): Soon<Lookup<Session>>;
  create(session: Session): Promise<void>;
  /** Updates by field where the row still exists; false when it does not. Never re-creates. */
  update(key: string, fields: Partial<Omit<Session, 'key' | 'version' | 'createdAt'>>): Promise<boolean>;
  /** Moves a session to a new key in one step (a rise in privilege), changing these fields alone. False when the old one is gone. */
  rename(key: string, nextKey: string, fields: Partial<Omit<Session, 'key' | 'version' | 'createdAt'>>): Promise<boolean>;
  /** The person was seen: in memory at once, on disk within a second. Never unlocks. */
  touch(key: string, lastActiveAt: number, kind: 'script' | 'navigation'): void;
  /** Locks from that moment on, in memory at once; false where it was locked or has ended. */
  lock(key: string, since: number, why?: LockReason): Promise<boolean>;
  /** In memory at once. False where it had ended. Alone it rejects while the disk does not have it; see `unconfirmedEnds`. */
  end(key: string, reason: EndReason): Promise<boolean>;
  /** Null where all gateways hold to every end, and for one that is alone. */
  readonly unconfirmedEnds: UnconfirmedEnds | null;
  ofSubject(issuer: string, sub: string): Promise<readonly Session[]>;
  /** Those that belong to one session at the provider (`sid`). */
  ofProviderSession(issuer: string, providerSession: string): Promise<readonly Session[]>;
  /**
   * Calls back for every session that ends, wherever it does, so that live streams can be closed. What is done once for an end
   * (its record, the sign-out at the EHR) is done where it happened.
   */
  onEnd(callback: (session: Session, reason: EndReason, where: Where) => void): void;
  /** Calls back for every session that locks; `why` is known where it happened alone. */
  onLock(callback: (session: Session, why: LockReason, where: Where) => void): void;
  /** Those on a known device, by its id. */
  onDevice(id: string): readonly Session[];
  /** Those that are locked now. */
  locked(): readonly Session[];
  /** Calls back for every session that goes on under another key, so that what belongs to it goes along. */
  onRename(callback: (from: string, to: string, where: Where, session: Renamed) => void): void;
  /** Calls back with a session whose EHR sessions are others than they were, where other gateways may have changed them. */
  onEhrSessions(callback: (session: Session) => void): void;
}

/** The sessions there are, for whoever may see them all. */
export interface SessionList {
  all(): readonly Session[];
}
