// Finds the session that the cookie names. A store that cannot answer is a 503: it never signs anybody out.

import { end } from '../core/answer.ts';
import type { Arrived, Identified, Loaded, Presented, Targeted } from '../facts.ts';
import type { Lookup, SessionStore, Turns } from '../ports.ts';
import type { Stage, StageResult } from '../pipeline.ts';
import type { Session } from '../core/session/session.ts';

export interface LoadSessionNeeds {
  readonly sessions: SessionStore;
  readonly turns: Turns;
}

const absent: Loaded = { session: null };

export function loadSession(needs: LoadSessionNeeds): Stage<Arrived & Identified & Presented & Targeted, Loaded> {
  return ({ sessionKey }) => {
    if (sessionKey === null) return absent;
    const found = needs.sessions.find(sessionKey);
    return found instanceof Promise ? found.then(conclude) : conclude(found);
  };

  function conclude(lookup: Lookup<Session>): Exclude<StageResult<Loaded>, Promise<unknown>> {
    if (lookup.found === 'unavailable') return end({ kind: 'fault', code: 'session-store-unavailable', cause: lookup.cause });
    if (lookup.found === 'no') return absent;
    needs.turns.belongs(lookup.value.key, lookup.value.subject);
    return { session: lookup.value };
  }
}
