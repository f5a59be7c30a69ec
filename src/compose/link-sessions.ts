// Lays the link between sessions at several applications over the store, and records what ends because of it. With one
// application there is nothing to link, and requests go through nothing more.

import { LinkedSessions } from '../adapters/linked-sessions.ts';
import type { SqliteSessionStore } from '../adapters/session-store-sqlite.ts';
import { auditEntry } from '../core/audit/entry.ts';
import type { EndReason, Session } from '../core/session/session.ts';
import { describeCause } from '../core/text/describe-cause.ts';
import type { AuditLog, Clock, OperationsLog, SessionStore } from '../ports.ts';
import type { SessionList } from '../session-ports.ts';

export interface LinkSessionsNeeds {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: OperationsLog;
}

export function linkSessions(
  sessions: SqliteSessionStore,
  applications: number,
  { audit, clock, log }: LinkSessionsNeeds,
): SessionStore & SessionList {
  if (applications === 1) return sessions;
  const onFailed = (cause: unknown): void =>
    log.error({ error: describeCause(cause) }, 'A session could not follow the one at another application');
  const record = async (session: Session, because: Session, reason: EndReason): Promise<void> => {
    const { subject, roles, reference, device, place } = session;
    const detail = `with session ${because.reference} at "${because.place?.application ?? ''}"`;
    const who = { subject, roles, session: reference, device: device?.name ?? null, application: place?.application ?? null };
    await (
      await audit.append(auditEntry('session-ended', clock.now(), { ...who, reason, detail }))
    ).durable;
  };
  const onFollowed = (session: Session, because: Session, reason: EndReason): void => {
    // Those that end by themselves are recorded wherever they end.
    if (reason !== 'idle' && reason !== 'absolute') void record(session, because, reason).catch(onFailed);
  };
  return new LinkedSessions(sessions, { onFollowed, onFailed });
}
