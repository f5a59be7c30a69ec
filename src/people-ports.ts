// Who the people are that have signed in here, so that a command can name them as they are named at a keyboard; and what
// stands around their second factors: IT's codes for a first one, changes they have yet to see, and who has left.

import type { FactorChange } from './core/second-factor/factor-change.ts';
import type { Subject } from './core/session/session.ts';

/** Times are epoch milliseconds. */
export interface KnownPerson {
  readonly issuer: string;
  readonly sub: string;
  /** Login name at their last sign-in; null where only something of theirs is kept, from before names were. */
  readonly name: string | null;
  readonly displayName: string | null;
  /** Their last sign-in; null where it was before it was noted. */
  readonly seenAt: number | null;
  /** Since when they may not come in any more; null where they may. */
  readonly leftAt: number | null;
}

export interface PeopleRegister {
  /** They have signed in, with these roles and no others. On disk before it returns. Rejects with Fault `session-store-unavailable`. */
  seen(subject: Subject, at: number, roles?: readonly string[]): Promise<void>;
  /** Their roles were read again, and are these. */
  rolesRead(subject: Pick<Subject, 'issuer' | 'sub'>, at: number, roles: readonly string[]): Promise<void>;
  /** Everybody of whom anything is known, by login name. Rejects with Fault `session-store-unavailable`. */
  all(): Promise<readonly KnownPerson[]>;
}

/** Codes that let one person set up a first factor from anywhere. Kept as hashes, bound to a login name: they work before its person has ever come. */
export interface EnrolCodes {
  /** Makes one and voids any before. The code is told to nobody but the caller. */
  issue(issuer: string, name: string, expiresAt: number): Promise<string>;
  /** Atomic: true only for the one caller who uses it up. */
  redeem(issuer: string, name: string, typed: string, now: number): Promise<boolean>;
  /** Until when one can be used; null where there is none. */
  openUntil(issuer: string, name: string, now: number): Promise<number | null>;
  /** How many there were. */
  revoke(issuer: string, name: string): Promise<number>;
}

type Person = Pick<Subject, 'issuer' | 'sub'>;

/** A change of somebody's second factors, for them to recognise or to report. */
export interface FactorNotice {
  readonly at: number;
  readonly change: FactorChange;
}

export interface FactorNotices {
  tell(person: Person, change: FactorChange, at: number): Promise<void>;
  /** Those that the person has not acknowledged, the oldest first. */
  of(person: Person): Promise<readonly FactorNotice[]>;
  /** The person has seen everything up to this moment. Says how many that were. */
  acknowledge(person: Person, upTo: number): Promise<number>;
}

/** Who has left. `sub` is empty for somebody who never signed in: then the login name stands for them alone. */
export interface Leavers {
  block(person: Pick<Subject, 'issuer' | 'sub' | 'name'>, at: number): Promise<void>;
  /** How many blocks there were. */
  readmit(person: Pick<Subject, 'issuer' | 'sub' | 'name'>): Promise<number>;
  /** Somebody new may have the login name of who left; how many blocks it stood in. They themselves stay out. */
  releaseName(issuer: string, name: string): Promise<number>;
  /** By themselves, or by the login name of somebody who left. */
  isBlocked(person: Pick<Subject, 'issuer' | 'sub' | 'name'>): Promise<boolean>;
}
