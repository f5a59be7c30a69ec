// A silent re-authentication that came back: the same person's claims, read again without asking them. Never signs in
// somebody else and never lengthens a session.

import type { Request, Response } from 'express';
import type { SignInTransaction } from '../identity-ports.ts';
import type { Session, Subject } from '../ports.ts';
import type { PendingSignIn } from './interaction.ts';
import { ownContext } from './own-context.ts';
import { personKey } from './person-key.ts';
import { activeSession } from './read-browser.ts';
import { record, recordedSession } from './record.ts';
import { sendOn } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** True when it answered; false when this has to be a sign-in like any other. */
export async function concludeSilent(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  known: Omit<PendingSignIn, 'enrolSecret'>,
  transaction: SignInTransaction,
): Promise<boolean> {
  const context = ownContext(needs, res);
  const session = await renewedSession(needs, req, res, known.subject, transaction);
  if (session === null) return false;
  const { subject, roles, providerSession, sealedTokens, at } = known;
  await record(needs, context, 'roles-refreshed', { ...recordedSession({ ...session, subject, roles }), decision: 'allowed' });
  const kept = await needs.sessions.update(session.key, { subject, roles, providerSession, sealedTokens, rolesCheckedAt: at });
  if (!kept) return false;
  sendOn(res, transaction.returnTo);
  return true;
}

/** The person came back without any role: what they still hold ends, as it does where a refresh token says so. */
export async function endSilent(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  subject: Subject,
  transaction: SignInTransaction,
  detail: string,
): Promise<void> {
  const session = await renewedSession(needs, req, res, subject, transaction);
  if (session === null || !(await needs.sessions.end(session.key, 'provider-refused'))) return;
  const ended = { ...recordedSession(session), reason: 'provider-refused', detail };
  await record(needs, ownContext(needs, res), 'session-ended', ended);
}

/** The session this silent sign-in was started for, while it is active and the same person's; else null. */
async function renewedSession(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  subject: Subject,
  transaction: SignInTransaction,
): Promise<Session | null> {
  const session = await activeSession(needs, req, ownContext(needs, res));
  if (session === null || session.key !== transaction.sessionKey) return null;
  return personKey(session.subject) === personKey(subject) ? session : null;
}
