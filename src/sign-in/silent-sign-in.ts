// A silent re-authentication that came back: the same person's claims, read again without asking them. Never signs in
// somebody else and never lengthens a session.

import type { Request, Response } from 'express';
import type { SignInTransaction } from '../identity-ports.ts';
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
  const session = await activeSession(needs, req, context);
  if (session === null || session.key !== transaction.sessionKey) return false;
  if (personKey(session.subject) !== personKey(known.subject)) return false;
  const { subject, roles, providerSession, sealedTokens, at } = known;
  await record(needs, context, 'roles-refreshed', { ...recordedSession({ ...session, subject, roles }), decision: 'allowed' });
  const kept = await needs.sessions.update(session.key, { subject, roles, providerSession, sealedTokens, rolesCheckedAt: at });
  if (!kept) return false;
  sendOn(res, transaction.returnTo);
  return true;
}
