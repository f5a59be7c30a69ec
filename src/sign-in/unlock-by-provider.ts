// An unlock at the sign-in service that came back. Only the person whose session it is may unlock it, and only if the service
// asked them anew; anybody else is told whose it is not, and may sign in for themselves.

import type { Request, Response } from 'express';
import { isEmergency } from '../core/session/is-emergency.ts';
import type { SignInTransaction } from '../identity-ports.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { PendingSignIn } from './interaction.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { personKey } from './person-key.ts';
import { lockedSession } from './read-browser.ts';
import { rememberForEmergency } from './remember-for-emergency.ts';
import { sendOn, sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { recordUnlockFailed, unlockSession } from './unlock-session.ts';

/** True when it answered; false where there is nothing to unlock any more, and this becomes a sign-in like any other. */
export async function unlockByProvider(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  known: Omit<PendingSignIn, 'enrolSecret'>,
  transaction: SignInTransaction,
): Promise<boolean> {
  const context = ownContext(needs, res);
  const session = await lockedSession(needs, req, context);
  if (session === null || session.key !== transaction.sessionKey) return false;
  if (personKey(session.subject) !== personKey(known.subject)) {
    await recordUnlockFailed(needs, context, session, 'unlock-not-yours', `"${known.subject.name}" came back instead`);
    const remedy = { href: '/.wardgate/sign-in', label: wordsIn(pageClinic(needs, res).language).ways.signInAsYourself };
    sendRefusal(needs, res, 'unlock-not-yours', { remedy });
    return true;
  }
  const { subject, roles, providerSession, sealedTokens, at } = known;
  await rememberForEmergency(needs, { subject, roles });
  // What was opened without the provider is a session like any other from here on.
  const ordinary = isEmergency(session) ? { emergencyUntil: null } : {};
  const fields = { subject, roles, providerSession, sealedTokens, rolesCheckedAt: at, ...ordinary };
  if (!(await unlockSession(needs, context, session, 'provider', fields))) return false;
  sendOn(res, transaction.returnTo);
  return true;
}
