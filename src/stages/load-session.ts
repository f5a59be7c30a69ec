// Finds the session that the cookie names, also by the id it had until a moment ago, and then without what it has gained since.
// A store that cannot answer is a 503: it never signs anybody out. A session that was opened at another application's address
// is none here, even where a browser shows its cookie.

import { end } from '../core/answer.ts';
import { belongsAt } from '../core/session/belongs-at.ts';
import type { Arrived, Identified, Loaded, Presented, Targeted } from '../facts.ts';
import type { Lookup, Metrics, SessionStore, Soon, Turns } from '../ports.ts';
import type { FormerIds } from '../step-up-ports.ts';
import type { Stage, StageResult } from '../pipeline.ts';
import type { Session } from '../core/session/session.ts';

export interface LoadSessionNeeds {
  readonly sessions: SessionStore;
  readonly turns: Turns;
  readonly formerIds: Pick<FormerIds, 'find'>;
  readonly applications: ReadonlyMap<string, unknown>;
  readonly metrics: Pick<Metrics, 'count'>;
}

type Concluded = Exclude<StageResult<Loaded>, Promise<unknown>>;

const absent: Loaded = { session: null };

export function loadSession(needs: LoadSessionNeeds): Stage<Arrived & Identified & Presented & Targeted, Loaded> {
  return ({ sessionKey, application: { name } }) => {
    if (sessionKey === null) return absent;
    const found = needs.sessions.find(sessionKey);
    return found instanceof Promise ? found.then(async (one) => judge(sessionKey, name, one)) : judge(sessionKey, name, found);
  };

  function judge(sessionKey: string, at: string, lookup: Lookup<Session>): Soon<Concluded> {
    const former = lookup.found === 'no' ? needs.formerIds.find(sessionKey) : null;
    if (former === null) return conclude(at, lookup);
    const { key, factor } = former;
    const now = needs.sessions.find(key);
    // Whoever still has the old id gains nothing by what its person has proved since.
    const before = (one: Lookup<Session>): Concluded =>
      conclude(at, one.found === 'yes' ? { found: 'yes', value: { ...one.value, factor } } : one);
    return now instanceof Promise ? now.then(before) : before(now);
  }

  function conclude(at: string, lookup: Lookup<Session>): Concluded {
    if (lookup.found === 'unavailable') return end({ kind: 'fault', code: 'session-store-unavailable', cause: lookup.cause });
    if (lookup.found === 'no') return absent;
    if (!belongsAt(lookup.value, at, needs.applications.size === 1)) {
      needs.metrics.count('session-cookie-of-another-application');
      return absent;
    }
    needs.turns.belongs(lookup.value.key, lookup.value.subject);
    return { session: lookup.value };
  }
}
