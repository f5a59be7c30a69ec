// Raises a session whose person has just confirmed with a second factor: recorded with the rule that asked, then in force under
// a new id. A try that proved nothing is recorded as well.

import type { Response } from 'express';
import { setCookie } from '../core/session/cookies.ts';
import type { FactorEvidence, Session } from '../ports.ts';
import type { OwnContext } from './own-context.ts';
import { record, recordedSession } from './record.ts';
import { sessionKey } from './session-key.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** Sets the cookie; false where the session has ended meanwhile. Rejects with a Fault where it cannot be recorded. */
export async function confirmSession(
  needs: SignInNeeds,
  res: Response,
  session: Session,
  context: OwnContext,
  factor: FactorEvidence,
): Promise<boolean> {
  await record(needs, context, 'step-up', {
    ...recordedSession({ ...session, factor }),
    rule: await needs.asked.of(session.reference),
    decision: 'allowed',
    detail: `by ${factor.method}; ${before(session.factor, factor.at)}`,
  });
  const id = needs.randomness.id();
  const next = sessionKey(id);
  // What is on its way with the old id is not a stranger's.
  needs.formerIds.keep(session.key, next, session.factor);
  // These fields alone: while the code was checked, another tab may have selected a patient.
  const raised = { factor, lastActiveAt: needs.clock.now() };
  if (!(await needs.sessions.rename(session.key, next, raised))) return false;
  res.append('Set-Cookie', setCookie('session', id, context.settings.secure, null));
  return true;
}

export async function recordStepUpFailed(
  needs: SignInNeeds,
  session: Session,
  context: OwnContext,
  reason: string,
): Promise<void> {
  const fields = { rule: await needs.asked.of(session.reference), decision: 'refused', reason } as const;
  await record(needs, context, 'step-up-failed', { ...recordedSession(session), ...fields });
}

function before({ method, at }: FactorEvidence, now: number): string {
  if (at === 0) return `the proof before was by ${method}, at a time nobody told`;
  const minutes = Math.max(0, Math.floor((now - at) / 60_000));
  return `the proof before was by ${method}, ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} old`;
}
