// Unlocks a session for the person it belongs to: recorded first, then in force. The session keeps its id: nothing is gained
// that it had not before, and requests that are on their way under the old one must not hear that their session is gone.

import { describeActivity, freshActivity } from '../core/session/activity.ts';
import type { OwnPageContext, Session } from '../ports.ts';
import { record, recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** False where it has ended meanwhile. `by`: how it was proved, for the record. */
export async function unlockSession(
  needs: Pick<SignInNeeds, 'audit' | 'clock' | 'sessions'>,
  context: OwnPageContext,
  session: Session,
  by: string,
  fields: Partial<Omit<Session, 'key' | 'version' | 'createdAt'>>,
): Promise<boolean> {
  const since = session.lockedAt === null ? '' : `, locked since ${new Date(session.lockedAt).toISOString()}`;
  const detail = `by ${by}${since}; ${describeActivity(session.activity, session.lastActiveAt)}`;
  await record(needs, context, 'unlocked', { ...recordedSession({ ...session, ...fields }), decision: 'allowed', detail });
  const lastActiveAt = needs.clock.now();
  return needs.sessions.update(session.key, { ...fields, lockedAt: null, lastActiveAt, activity: freshActivity('unlock') });
}

/** A try that did not unlock it. */
export async function recordUnlockFailed(
  needs: Pick<SignInNeeds, 'audit' | 'clock'>,
  context: OwnPageContext,
  session: Session,
  reason: string,
  detail: string | null = null,
): Promise<void> {
  await record(needs, context, 'unlock-failed', { ...recordedSession(session), decision: 'refused', reason, detail });
}
