// The provider's tokens inside a session: sealed to the person, opened only to refresh and to sign out.

import type { Sealer, Subject } from '../ports.ts';
import { personKey } from './person-key.ts';

export interface SessionTokens {
  readonly idToken: string;
  readonly refreshToken: string | null;
}

const purpose = 'tokens';

export function sealTokens(sealer: Sealer, subject: Subject, { idToken, refreshToken }: SessionTokens): string {
  return sealer.seal(purpose, personKey(subject), JSON.stringify([idToken, refreshToken]));
}

/** Null where there are none, or where they were sealed for somebody else or with a key that is gone. */
export function openTokens(sealer: Sealer, subject: Subject, sealed: string | null): SessionTokens | null {
  if (sealed === null) return null;
  try {
    const opened: unknown = JSON.parse(sealer.open(purpose, personKey(subject), sealed));
    if (!Array.isArray(opened)) return null;
    const [idToken, refreshToken] = opened as readonly unknown[];
    if (typeof idToken !== 'string') return null;
    return { idToken, refreshToken: typeof refreshToken === 'string' ? refreshToken : null };
  } catch {
    return null;
  }
}
