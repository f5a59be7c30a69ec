// `session list`: who is signed in now, since when, and how much is under way for them.

import { judgeStanding } from '../core/session/judge-standing.ts';
import type { Session, SessionLimits } from '../core/session/session.ts';
import type { Order } from '../control-ports.ts';
import type { Clock } from '../ports.ts';
import type { SessionList } from '../session-ports.ts';

export interface ListSessionsNeeds {
  readonly sessions: SessionList;
  readonly clock: Pick<Clock, 'now'>;
  readonly sessionLimits: (session: Pick<Session, 'roles' | 'device'>, zones: readonly string[]) => SessionLimits;
  /** Requests under way for the session of this key. */
  readonly running: (key: string) => number;
}

export function listSessions(needs: ListSessionsNeeds): Order {
  const carryOut = async () => {
    const sessions = needs.sessions.all().map((session) => shownSession(needs, session));
    return Promise.resolve({ done: true, told: { sessions } } as const);
  };
  const plan = async () => Promise.resolve({ planned: true, subject: null, carryOut } as const);
  return { name: 'session list', fields: [], needsReason: false, plan };
}

/** As a person reads it. Where nobody asked lately, its standing is that of everywhere: zones belong to requests. */
export function shownSession(needs: ListSessionsNeeds, session: Session) {
  const { reference, subject, roles, createdAt, lastActiveAt, factor } = session;
  const { standing } = judgeStanding(session, needs.sessionLimits(session, []), needs.clock.now());
  return {
    reference,
    name: subject.name,
    displayName: subject.displayName,
    sub: subject.sub,
    roles,
    standing,
    factor: factor.method,
    since: new Date(createdAt).toISOString(),
    seen: new Date(lastActiveAt).toISOString(),
    running: needs.running(session.key),
  };
}
