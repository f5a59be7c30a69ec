// Looks at the sessions that have something running, and ends those over a limit: a WebSocket must not outlive the
// session it was opened in (Pomerium #1279 and others let it). Requests themselves are judged on arrival.

import { judgeStanding } from '../core/session/judge-standing.ts';
import type { SessionLimits } from '../core/session/session.ts';
import type { Clock, SessionStore } from '../ports.ts';
import type { LiveStreams } from './live-streams.ts';

export interface SweepNeeds {
  readonly live: LiveStreams;
  readonly sessions: SessionStore;
  readonly clock: Clock;
  readonly sessionLimits: (roles: readonly string[], zones: readonly string[]) => SessionLimits;
}

/** One look at every session with a running stream. */
export async function sweepSessions(needs: SweepNeeds): Promise<void> {
  for (const key of needs.live.sessions()) {
    const found = await needs.sessions.find(key);
    if (found.found === 'unavailable') continue;
    if (found.found === 'no') {
      needs.live.endSession(key);
      continue;
    }
    const judged = judgeStanding(found.value, needs.sessionLimits(found.value.roles, needs.live.zones(key)), needs.clock.now());
    if (judged.standing === 'ended') await needs.sessions.end(key, judged.why);
  }
}
