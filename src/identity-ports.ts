// What signing people in needs from the world: the identity provider, second factors, sign-ins under way and the vault of
// EHR passwords. Seen by our own pages; the request path itself needs only `ports.ts`.

import type { Subject } from './core/session/session.ts';

/** One started sign-in, keyed by `state`, taken exactly once. */
export interface SignInTransaction {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly application: string;
  /** Canonical path and query on our own origin. */
  readonly returnTo: string;
  /** SHA-256 of the browser-bound cookie. */
  readonly browser: string;
  readonly silent: boolean;
  /** How long ago the person may have signed in at the provider, seconds; absent where it does not matter. */
  readonly maxAgeSeconds?: number;
  /** Session to refresh when this is a silent re-authentication, or to unlock. */
  readonly sessionKey: string | null;
  /** True where it unlocks that session; absent otherwise. */
  readonly unlocks?: boolean;
  readonly expiresAt: number;
}

export interface SignInStore {
  /** `address` is where it was begun: one address has a share of all that may be open. */
  put(transaction: SignInTransaction, address: string): Promise<void>;
  /** Atomic: the second caller gets null. */
  take(state: string): Promise<SignInTransaction | null>;
}

/** A person's second factor. The secret is sealed to (issuer, sub). */
export interface TotpEnrolment {
  readonly sealedSecret: string;
  readonly lastStep: number;
  readonly enrolledAt: number;
}

export interface FactorStore {
  totp(issuer: string, sub: string): Promise<TotpEnrolment | null>;
  enrolTotp(
    issuer: string,
    sub: string,
    sealedSecret: string,
    firstStep: number,
    at: number,
    recoveryHashes: readonly string[],
  ): Promise<void>;
  /** Compare-and-set: true only if `step` is later than every accepted one. */
  acceptStep(issuer: string, sub: string, step: number): Promise<boolean>;
  /** Deletes the code; true only for the one caller that deleted it. */
  useRecoveryCode(issuer: string, sub: string, hash: string): Promise<boolean>;
  recoveryCodesLeft(issuer: string, sub: string): Promise<number>;
  /** The code from the phone alone; false where there is none, or it is their last factor. */
  removeTotp(issuer: string, sub: string): Promise<boolean>;
  /** The codes of before are worth nothing any more. */
  renewRecoveryCodes(issuer: string, sub: string, hashes: readonly string[]): Promise<void>;
  /** Everything of theirs that is kept here: code and recovery codes. */
  remove(issuer: string, sub: string): Promise<boolean>;
}

/** Failures counted over all sessions of a person: five lock for fifteen minutes. */
export interface AttemptLimiter {
  /** Milliseconds until the next try is allowed; 0 when it is allowed now. */
  blockedFor(key: string): Promise<number>;
  /** Counts one failure and says how long the key is blocked now, 0 if it is not. */
  fail(key: string): Promise<number>;
  clear(key: string): Promise<void>;
}

/** What a logout token of the provider ends: a session there, a person, or both named (OpenID Connect Back-Channel Logout). */
export interface ProviderLogout {
  /** The token's `jti`. */
  readonly id: string;
  readonly sub: string | null;
  readonly providerSession: string | null;
}

export type LogoutVerdict = { readonly ok: true; readonly logout: ProviderLogout } | { readonly ok: false; readonly why: string };

export interface ProviderLogoutStore {
  /** False when this token was used before. */
  keep(logout: ProviderLogout, at: number): Promise<boolean>;
  /** Takes it back, because what it asks for could not be done; the provider may send it again. */
  release(id: string): Promise<void>;
  /** Whether the provider has ended this person's sign-in since then. */
  endedSince(sub: string, providerSession: string | null, since: number): Promise<boolean>;
}

export interface SignInStart {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What a completed sign-in told us, verified. */
export interface ProviderIdentity {
  readonly subject: Subject;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly providerSession: string | null;
  readonly tokens: { readonly idToken: string; readonly refreshToken: string | null };
  readonly authenticatedAt: number | null;
}

export type RefreshResult =
  | { readonly refreshed: 'yes'; readonly identity: Omit<ProviderIdentity, 'authenticatedAt'> }
  | { readonly refreshed: 'refused'; readonly why: string }
  | { readonly refreshed: 'unavailable'; readonly cause: unknown };

export interface IdentityProvider {
  /** Rejects with Fault `identity-provider-unavailable` while discovery has not succeeded. */
  start(
    application: string,
    options: {
      readonly loginHint: string | null;
      readonly silent: boolean;
      /** Asks for a sign-in anew, at most this old when it comes back (`max_age`, OpenID Connect Core 3.1.2.1). */
      readonly maxAgeSeconds?: number;
      /** What the provider is asked to prove, as it names it itself: levels (`acr_values`) and contexts (`acrs`). */
      readonly levels?: readonly string[];
      readonly contexts?: readonly string[];
    },
  ): Promise<SignInStart>;
  /** Exchanges the code; `query` is the callback's raw query. Rejects with a Fault, or returns why it was refused. */
  finish(
    application: string,
    query: string,
    transaction: SignInTransaction,
  ): Promise<
    | { readonly ok: true; readonly identity: ProviderIdentity }
    | { readonly ok: false; readonly why: string; readonly error: string | null }
  >;
  refresh(subject: Subject, refreshToken: string): Promise<RefreshResult>;
  /** Where to send the browser to end the provider's session; null when it has no such endpoint. */
  endSessionUrl(application: string, idToken: string | null, returnTo: string): Promise<string | null>;
  /** Whether a logout token may be believed; not whether it was used before. Rejects with a Fault without the provider's keys. */
  verifyLogoutToken(token: string): Promise<LogoutVerdict>;
  readonly ready: boolean;
}
