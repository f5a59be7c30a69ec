// Waits for this person's turn where others wait too, so that one who floods the gateway slows down nobody else. Reads the
// session cookie for that and believes nothing yet: load-session does.

import { addressShare } from '../core/network/address-share.ts';
import { cookieName, isOwnId, readCookie } from '../core/session/cookies.ts';
import type { Arrived, Identified, Presented } from '../facts.ts';
import type { Metrics, Turns } from '../ports.ts';
import type { Stage } from '../pipeline.ts';

export interface TakeTurnNeeds {
  readonly turns: Turns;
  readonly metrics: Pick<Metrics, 'count'>;
  /** SHA-256 of the cookie's id, base64url. */
  readonly sessionKey: (id: string) => string;
}

export function takeTurn(needs: TakeTurnNeeds): Stage<Arrived & Identified, Presented> {
  return (facts) => {
    const sessionKey = presentedKey(needs, facts);
    const share = needs.turns.of(sessionKey, addressShare(facts.address));
    const presented = { sessionKey, share };
    return needs.turns.take(share)?.then(() => presented) ?? presented;
  };
}

function presentedKey(needs: TakeTurnNeeds, { headers, application }: Identified): string | null {
  const cookie = headers.get('cookie');
  if (cookie === undefined) return null;
  // Several cookies of our name mean that somebody else put one there: then none is believed.
  const reading = readCookie([cookie], cookieName('session', application.secure));
  if (reading.kind === 'several') needs.metrics.count('session-cookie-repeated');
  return reading.kind === 'one' && isOwnId(reading.value) ? needs.sessionKey(reading.value) : null;
}
