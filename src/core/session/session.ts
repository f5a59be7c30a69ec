// Who is signed in, and since when. Plain values; the store updates them by field and never re-creates an ended one.

import type { Activity } from './activity.ts';
import type { SessionDevice } from './device.ts';

/** A person as the provider names them: identity is (issuer, sub), never an e-mail address. */
export interface Subject {
  readonly issuer: string;
  readonly sub: string;
  /** The configured login name, what people type and read. */
  readonly name: string;
  readonly displayName: string;
}

/** How the person proved who they are beyond the password. */
export interface FactorEvidence {
  readonly method: 'totp' | 'passkey' | 'recovery-code' | 'provider' | 'remembered';
  /** Epoch milliseconds; 0, which is never fresh, where the provider did not say when, and where it was only remembered. */
  readonly at: number;
  /** The provider's `amr`/`acr` that was accepted, when method is provider; what is remembered, when it is that. */
  readonly detail?: string;
  /** The provider's factor is one that no look-alike page can ask for. */
  readonly phishingResistant?: true;
}

/** A signed-in session. Times are epoch milliseconds. */
export interface Session {
  /** SHA-256 of the cookie's id, base64url: the store's key. The id itself is never kept. */
  readonly key: string;
  /** What the audit and the EHR are told instead of the id. */
  readonly reference: string;
  readonly subject: Subject;
  readonly roles: readonly string[];
  readonly factor: FactorEvidence;
  readonly createdAt: number;
  readonly lastActiveAt: number;
  /** Since when it is locked; null while it is not. Kept, because only unlocking ends a lock, whatever the limits become. */
  readonly lockedAt: number | null;
  /** What kept it from locking. */
  readonly activity: Activity;
  /** The known device it was signed in on; null for any other browser. */
  readonly device: SessionDevice | null;
  /** When the claims were last read from the provider. */
  readonly rolesCheckedAt: number;
  /** Provider session id (`sid`), for back-channel logout. */
  readonly providerSession: string | null;
  /** Sealed refresh and ID token, or null when the provider gave none. */
  readonly sealedTokens: string | null;
  /** The sessions that EHRs gave this one, the oldest first. */
  readonly ehrSessions: readonly HeldEhrSession[];
  /** When it ends at the latest, where it was opened without the provider and has not shown itself there; else null or absent. */
  readonly emergencyUntil?: number | null;
  /** Where its person signed in; absent in sessions of before. */
  readonly from?: SignedInFrom;
  /** The device on which it waits for its person to come back, in nobody's browser; null or absent where it is in one. */
  readonly parked?: string | null;
  /** Where it may be used and what goes with it; absent in sessions of before. */
  readonly place?: SessionPlace;
  readonly version: number;
}

export interface SessionPlace {
  /** The application at whose address it was opened; its cookie opens nothing at another. */
  readonly application: string;
  /** The same for the sessions that one browser has at several addresses: they lock and end together. */
  readonly link: string;
}

export interface SignedInFrom {
  readonly address: string;
  readonly zones: readonly string[];
}

/** A session of an EHR, as far as it is kept. */
export interface HeldEhrSession {
  /** A keyed hash of application and cookie value; the value itself is never kept. */
  readonly id: string;
  /** The patient selected in it, or null. */
  readonly patient: string | null;
  /** False where nobody knows which patient that is. */
  readonly certain: boolean;
}

/** Why a session is not usable any more. */
export type EndReason =
  | 'idle'
  | 'absolute'
  | 'signed-out'
  | 'revoked'
  | 'provider-refused'
  | 'roles-stale'
  | 'provider-logout'
  | 'pin-failed'
  /** The same person goes on at another desk. */
  | 'taken-over'
  /** Another person goes on at the same desk. */
  | 'switched-away';

/** Why a session locked: nobody was there, or the provider could not be asked for too long, or has come back. */
export type LockReason = 'idle' | 'roles-stale' | 'provider-back';

/** Limits of one session, the strictest of the person's roles, their zones and the kind of device. */
export interface SessionLimits {
  /** Locks after this long without a sign of a person. */
  readonly idleSeconds: number;
  /** A locked session ends after this long. */
  readonly endAfterLockSeconds: number;
  readonly absoluteSeconds: number;
}
