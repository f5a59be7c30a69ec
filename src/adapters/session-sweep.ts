// One look at a session that nobody may be asking for any more: locked or ended where its limits are over.

import type { SessionStore } from '../session-ports.ts';
import type { Live } from './session-memory.ts';
import type { SessionStoreOptions } from './session-store-options.ts';

interface Lateness {
  /** What was touched at another gateway is heard here so much later, and nobody is locked over it. */
  readonly heardLateMilliseconds: number;
  /** The clocks of two gateways may differ by so much. */
  readonly clocksDifferMilliseconds: number;
}

export const lateness: Lateness = { heardLateMilliseconds: 3000, clocksDifferMilliseconds: 300_000 };
export const noLateness: Lateness = { heardLateMilliseconds: 0, clocksDifferMilliseconds: 0 };

export async function sweepSession(
  store: Pick<SessionStore, 'end' | 'lock' | 'update'>,
  live: Live,
  now: number,
  late: Lateness,
  judge: SessionStoreOptions['judge'],
): Promise<void> {
  // Seen in the future, because the clock was set back since: left so, it would count as seen just now until that time has come.
  if (live.session.lastActiveAt > now + late.clocksDifferMilliseconds) {
    live.written = now;
    await store.update(live.session.key, { lastActiveAt: now });
  }
  const { session } = live;
  const judged = judge(session, now - late.heardLateMilliseconds);
  if (judged.standing === 'ended') await store.end(session.key, judged.why);
  else if (judged.standing === 'locked') await store.lock(session.key, judged.since);
}
