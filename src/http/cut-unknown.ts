// Cuts what runs for sessions while this gateway does not hear what the others change. Lookups are refused from the first
// moment, so nothing begins; but a download, an event stream or a WebSocket that was let through before could go on for hours
// after its session was ended elsewhere. A gap of a moment, as a fail-over of Redis takes it, cuts nobody's download; whoever
// is cut after that tries again, with the session they have. A machine has no session that could have ended elsewhere.

import { isMachine } from '../core/session/machine-session.ts';
import type { Clock, StreamEnd } from '../ports.ts';
import type { SharedChanges } from '../shared-ports.ts';
import type { LiveStreams } from './live-streams.ts';

/** Longer than a fail-over of Redis within its limits, and as long as the sweep takes to see that a permit has ended. */
const deafMilliseconds = 5000;

const sessionUnknown: StreamEnd = {
  transfer: 'session-unknown',
  refusal: {
    kind: 'fault',
    code: 'session-store-unavailable',
    detail: 'the gateway could not hear whether the session had ended elsewhere',
  },
};

export interface CutUnknownNeeds {
  readonly live: LiveStreams;
  readonly changes: Pick<SharedChanges, 'current'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** One look; call it every second. */
export function cutUnknown({ live, changes, clock }: CutUnknownNeeds): () => void {
  let deafSince: number | null = null;
  return () => {
    const now = clock.monotonic();
    if (changes.current) deafSince = null;
    else deafSince ??= now;
    if (deafSince === null || now - deafSince < deafMilliseconds) return;
    for (const key of live.sessions())
      for (const stream of live.of(key)) if (!isMachine(stream.facts.session)) stream.cut(sessionUnknown);
  };
}
