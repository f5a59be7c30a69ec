// What a way in without the identity provider needs from the world: what the gateway has seen of the provider itself, the people
// who may come in, as the provider last told of them, and their sealed codes.

import type { Subject } from './core/session/session.ts';

/** The gateway's own looks at the provider. Times are epoch milliseconds. */
export interface ProviderWatch {
  /** No answer to the last looks: people are told. */
  readonly silent: boolean;
  /** No answer for certain: emergency people may come in. */
  readonly down: boolean;
  readonly silentSince: number | null;
  /** Since when it has answered every look; null while it does not, and before the first one. */
  readonly answersSince: number | null;
}

/** Somebody the clinic has named, as the provider last told of them. */
export interface EmergencyPerson {
  readonly subject: Subject;
  /** At that moment. */
  readonly roles: readonly string[];
  readonly seenAt: number;
}

/** A sealed code as it is kept: its hash, and the salt that is its own. Base64url. */
export interface EmergencyCode {
  readonly salt: string;
  readonly hash: string;
}

export interface EmergencyStore {
  /** They have signed in at the provider, with these roles. */
  remember(subject: Subject, roles: readonly string[], at: number): Promise<void>;
  /** Everybody of that login name; more than one where the provider gave it to two. */
  named(name: string): Promise<readonly EmergencyPerson[]>;
  /** Takes the place of all codes they had. */
  giveCodes(issuer: string, sub: string, codes: readonly EmergencyCode[], at: number): Promise<void>;
  /** How many there were. */
  forgetCodes(issuer: string, sub: string): Promise<number>;
  codes(issuer: string, sub: string): Promise<readonly EmergencyCode[]>;
  /** Deletes it; true only for the one caller that did. On disk before it returns. */
  redeem(issuer: string, sub: string, hash: string): Promise<boolean>;
}
