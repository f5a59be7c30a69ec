// Finds the session that the cookie names. A store that cannot answer is a 503: it never signs anybody out.

import { end } from '../core/answer.ts';
import { cookieName, isOwnId, readCookie } from '../core/session/cookies.ts';
import type { Arrived, Identified, Loaded, Targeted } from '../facts.ts';
import type { Metrics, SessionStore } from '../ports.ts';
import type { Stage, StageResult } from '../pipeline.ts';
import type { Lookup } from '../ports.ts';
import type { Session } from '../core/session/session.ts';

export interface LoadSessionNeeds {
  readonly sessions: SessionStore;
  readonly metrics: Pick<Metrics, 'count'>;
  /** SHA-256 of the cookie's id, base64url. */
  readonly sessionKey: (id: string) => string;
}

const absent: Loaded = { session: null };

export function loadSession(needs: LoadSessionNeeds): Stage<Arrived & Identified & Targeted, Loaded> {
  return ({ headers, application }) => {
    const cookie = headers.get('cookie');
    if (cookie === undefined) return absent;
    // Several cookies of our name mean that somebody else put one there: then none is believed.
    const reading = readCookie([cookie], cookieName('session', application.secure));
    if (reading.kind === 'several') needs.metrics.count('session-cookie-repeated');
    if (reading.kind !== 'one' || !isOwnId(reading.value)) return absent;
    const found = needs.sessions.find(needs.sessionKey(reading.value));
    return found instanceof Promise ? found.then(conclude) : conclude(found);
  };

  function conclude(lookup: Lookup<Session>): Exclude<StageResult<Loaded>, Promise<unknown>> {
    if (lookup.found === 'unavailable') return end({ kind: 'fault', code: 'session-store-unavailable', cause: lookup.cause });
    return { session: lookup.found === 'yes' ? lookup.value : null };
  }
}
