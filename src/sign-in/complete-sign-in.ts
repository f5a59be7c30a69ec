// Turns somebody who has proved both factors into a session: recorded first, then under an id nobody has seen before.

import type { Request, Response } from 'express';
import { freshActivity } from '../core/session/activity.ts';
import { setCookie } from '../core/session/cookies.ts';
import type { FactorEvidence, Session } from '../ports.ts';
import { openEmergency } from './emergency-session.ts';
import { wordsIn } from '../pages/words-in.ts';
import { browserDevice, keepDevice } from './browser-device.ts';
import { endInteraction } from './interaction.ts';
import type { PendingSignIn } from './interaction.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { cookieSession } from './read-browser.ts';
import { record, recordedSession } from './record.ts';
import { rememberForEmergency } from './remember-for-emergency.ts';
import { refuseLeaver } from './refuse-leaver.ts';
import { sessionKey } from './session-key.ts';
import { sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/**
 * Sets the cookies; answering is left to the caller. False where the provider has signed the person out meanwhile: then it
 * has answered, and there is no session. Rejects with a Fault, and then there is none either.
 */
export async function completeSignIn(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  pending: Omit<PendingSignIn, 'enrolSecret'>,
  factor: FactorEvidence,
): Promise<boolean> {
  const context = ownContext(needs, res);
  const id = needs.randomness.id();
  const device = browserDevice(needs, req, context, pending.subject);
  const session = { ...newSession(needs, pending, factor, id), device };
  if (pending.emergency === undefined) await rememberForEmergency(needs, session);
  else if (!(await openEmergency(needs, context, session, pending, factor))) {
    sendRefusal(needs, res, 'sign-in-failed', { says: wordsIn(pageClinic(needs, res).language).emergencySignIn.usedMeanwhile });
    return false;
  }
  await record(needs, context, 'sign-in', { ...recordedSession(session), decision: 'allowed', detail: factor.detail ?? null });
  await needs.people.seen(session.subject, session.createdAt);
  const before = await cookieSession(needs, req, context);
  await needs.sessions.create(session);
  // The browser held another session: its cookie is about to be replaced, so nobody could ever sign it out.
  if (before !== null && (await needs.sessions.end(before.key, 'signed-out'))) {
    const detail = 'the same browser signed in again';
    await record(needs, context, 'session-ended', { ...recordedSession(before), reason: 'signed-out', detail });
  }
  await endInteraction(needs, req, res);
  if ((await leftMeanwhile(needs, res, session)) || (await endedMeanwhile(needs, res, session, pending.at))) return false;
  res.append('Set-Cookie', setCookie('session', id, context.settings.secure, null));
  await keepDevice(needs, req, res, context, device);
  res.append('Set-Cookie', setCookie('retry', '', context.settings.secure, 0));
  return true;
}

/** Asked only once the session stands: a logout before that finds it here, a later one finds it in the store. */
async function endedMeanwhile(needs: SignInNeeds, res: Response, session: Session, since: number): Promise<boolean> {
  const { subject, providerSession } = session;
  if (!(await needs.logouts.endedSince(subject.sub, providerSession, since))) return false;
  const detail = 'The sign-in service has signed you out while you were signing in';
  if (await needs.sessions.end(session.key, 'provider-logout'))
    await record(needs, ownContext(needs, res), 'session-ended', {
      ...recordedSession(session),
      reason: 'provider-logout',
      detail,
    });
  sendRefusal(needs, res, 'sign-in-failed', {
    detail,
    remedy: { href: '/.wardgate/sign-in', label: wordsIn(pageClinic(needs, res).language).ways.signIn },
  });
  return true;
}

/** Asked once the session stands, too: whoever is offboarded now has this session ended, or is found here. */
async function leftMeanwhile(needs: SignInNeeds, res: Response, session: Session): Promise<boolean> {
  if (!(await refuseLeaver(needs, res, session.subject))) return false;
  if (await needs.sessions.end(session.key, 'revoked'))
    await record(needs, ownContext(needs, res), 'session-ended', { ...recordedSession(session), reason: 'revoked' });
  return true;
}

function newSession(
  needs: SignInNeeds,
  pending: Omit<PendingSignIn, 'enrolSecret'>,
  factor: FactorEvidence,
  id: string,
): Omit<Session, 'device'> {
  const now = needs.clock.now();
  return {
    key: sessionKey(id),
    reference: needs.randomness.id(),
    subject: pending.subject,
    roles: pending.roles,
    factor,
    createdAt: now,
    lastActiveAt: now,
    lockedAt: null,
    activity: freshActivity('sign-in'),
    rolesCheckedAt: pending.at,
    providerSession: pending.providerSession,
    sealedTokens: pending.sealedTokens,
    ehrSessions: [],
    ...emergencyEnd(needs, pending, now),
    version: 1,
  };
}

/** It lasts as long as the clinic says, whatever other sessions do. */
function emergencyEnd({ settings }: SignInNeeds, { emergency }: Pick<PendingSignIn, 'emergency'>, now: number): Partial<Session> {
  const lastsSeconds = settings.signIn.emergency?.lastsSeconds ?? 0;
  return emergency === undefined ? {} : { emergencyUntil: now + lastsSeconds * 1000 };
}
