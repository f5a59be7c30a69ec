// Looks at the sessions that have something running: locks or ends those over a limit, has roles read again that have grown old
// although no request comes, and cuts what the rules would not let begin any more. A WebSocket must not outlive the session
// or the role it was opened with (Pomerium #1279 and others let it). Requests themselves are judged on arrival.

import type { Refusal } from '../core/answer.ts';
import { judgeStanding } from '../core/session/judge-standing.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Caller } from '../core/session/machine-session.ts';
import type { Session, SessionLimits } from '../core/session/session.ts';
import type { MachineRegister } from '../machine-ports.ts';
import type { Clock, SessionStore, Soon } from '../ports.ts';
import type { LiveStreams, Stream, StreamFacts } from './live-streams.ts';

export interface SweepNeeds {
  readonly live: LiveStreams;
  readonly sessions: Pick<SessionStore, 'find' | 'lock' | 'end'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly sessionLimits: (session: Pick<Session, 'roles' | 'device'>, zones: readonly string[]) => SessionLimits;
  /** Why a stream may not go on, or null. */
  readonly judgeAgain: (facts: StreamFacts, session: Caller, now: number) => Soon<Refusal | null>;
  readonly rolesAreStale: (session: Session, now: number) => boolean;
  readonly refreshRoles: (session: Session) => Promise<unknown>;
  readonly machines: Pick<MachineRegister, 'stillKnows'>;
  /** A session could not be looked at; the others are, and this one is next time. */
  readonly failed: (cause: unknown) => void;
}

/** Sessions whose roles are read again at the same time; a provider that hangs is not asked by more. */
const refreshesAtOnce = 16;
/** A provider that gave no verdict is asked again for the same session after this. */
const retryMilliseconds = 60_000;

/** Makes the sweep; call it every few seconds. It never waits for the provider, and never rejects. */
export function sessionSweep(needs: SweepNeeds): () => Promise<void> {
  /** Session reference → when it was last asked for, so that a provider that is down is left in peace. */
  const asked = new Map<string, number>();
  let refreshing = 0;
  return async () => {
    const now = needs.clock.now();
    for (const [reference, at] of asked) if (Math.abs(now - at) >= retryMilliseconds) asked.delete(reference);
    for (const key of needs.live.sessions()) {
      try {
        const session = await sweepSession(needs, key);
        if (session !== null) refresh(session, now);
      } catch (cause) {
        needs.failed(cause);
      }
    }
  };

  function refresh(session: Session, now: number): void {
    if (refreshing >= refreshesAtOnce || asked.has(session.reference) || !needs.rolesAreStale(session, now)) return;
    refreshing += 1;
    asked.set(session.reference, now);
    void readRolesAgain(session);
  }

  async function readRolesAgain(session: Session): Promise<void> {
    try {
      await needs.refreshRoles(session);
      await sweepSession(needs, session.key);
    } catch (cause) {
      needs.failed(cause);
    } finally {
      refreshing -= 1;
    }
  }
}

/** The session where it is in use; null where it is locked, has ended or cannot be looked up. */
async function sweepSession(needs: SweepNeeds, key: string): Promise<Session | null> {
  if (await sweepMachine(needs, key)) return null;
  const found = await needs.sessions.find(key);
  if (found.found === 'unavailable') return null;
  if (found.found === 'no') {
    needs.live.endSession(key);
    return null;
  }
  const session = found.value;
  const now = needs.clock.now();
  const judged = judgeStanding(session, needs.sessionLimits(session, needs.live.zones(key)), now);
  if (judged.standing === 'ended') {
    await needs.sessions.end(key, judged.why);
    return null;
  }
  // What is under way goes on beneath the lock: a download, or the line to a page that is covered and kept.
  if (judged.standing === 'locked') {
    await needs.sessions.lock(key, judged.since);
    return null;
  }
  for (const stream of needs.live.of(key)) await judge(needs, stream, session, now);
  return session;
}

async function judge(needs: SweepNeeds, stream: Stream, session: Caller, now: number): Promise<void> {
  const refusal = await needs.judgeAgain(stream.facts, session, now);
  if (refusal !== null) stream.cut({ transfer: 'permit-ended', refusal });
}

const machineGone: Refusal = { kind: 'refusal', reason: 'machine-unknown', detail: 'This machine is configured no longer' };

/** True where the streams are a machine's: cut where the configuration does not know it any more, else judged again. */
async function sweepMachine(needs: SweepNeeds, key: string): Promise<boolean> {
  const now = needs.clock.now();
  let isOne = false;
  for (const stream of needs.live.of(key)) {
    const { session } = stream.facts;
    if (!isMachine(session)) continue;
    isOne = true;
    if (needs.machines.stillKnows(session)) await judge(needs, stream, session, now);
    else stream.cut({ transfer: 'permit-ended', refusal: machineGone });
  }
  return isOne;
}
