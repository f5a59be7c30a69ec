// What lives as long as a session goes with it: streams, turns, its session at the EHR, the id that it had a moment ago.

import { auditEntry } from '../core/audit/entry.ts';
import { describeActivity } from '../core/session/activity.ts';
import type { Caller } from '../core/session/machine-session.ts';
import type { EndReason, LockReason, Session } from '../core/session/session.ts';
import type { Needs } from '../needs.ts';
import type { AuditLog } from '../ports.ts';
import type { Parts } from './open-parts.ts';

/** What is done once for a change is done by the gateway where it happened. */
export function followSessions(
  { state, live, turns, audit, formerIds }: Parts,
  needs: Needs,
  logOutOfEhrs: (session: Caller) => Promise<void>,
) {
  state.sessions.onEnd((session, reason, where) => {
    live.endSession(session.key);
    turns.forget(session.key);
    if (where === 'elsewhere') return;
    void logOutOfEhrs(session);
    if (reason !== 'idle' && reason !== 'absolute') return;
    recordChange(audit, 'session-ended', needs.clock.now(), session, reason).catch(needs.onLost);
  });
  state.sessions.onLock((session, why, where) => {
    if (where === 'here') recordChange(audit, 'locked', needs.clock.now(), session, why).catch(needs.onLost);
  });
  state.sessions.onRename((from, to, where, { before, after }) => {
    live.rename(from, to);
    // What is on its way with the old id may come to this gateway as well; never to a session that waits for its person.
    if (where === 'elsewhere' && (after.parked ?? null) === null) formerIds.keep(from, to, before.factor);
  });
}

/** A session locked or ended by itself; the record says what had kept it open until then. */
function recordChange(
  audit: AuditLog,
  event: 'locked' | 'session-ended',
  now: number,
  session: Session,
  reason: EndReason | LockReason,
) {
  const { subject, roles, reference, device, activity, lastActiveAt, lockedAt } = session;
  const since = lockedAt === null ? '' : `; locked since ${new Date(lockedAt).toISOString()}`;
  const detail = `${describeActivity(activity, lastActiveAt)}${since}`;
  return audit.append(
    auditEntry(event, now, { subject, roles, session: reference, device: device?.name ?? null, reason, detail }),
  );
}
