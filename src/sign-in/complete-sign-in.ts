// Brings somebody in who has proved both factors: at once, or over a question where they are signed in elsewhere as well.
// Nothing of that is told to anybody before the second factor.

import type { Request, Response } from 'express';
import { setCookie } from '../core/session/cookies.ts';
import { judgeTakeOver } from '../core/session/judge-take-over.ts';
import { waitsAt } from '../core/session/waits-at.ts';
import type { FactorEvidence, Session } from '../ports.ts';
import { wordsIn } from '../pages/words-in.ts';
import { browserDevice, keepDevice } from './browser-device.ts';
import { endInteraction, setPending } from './interaction.ts';
import type { PendingSignIn } from './interaction.ts';
import { joinedSession } from './join-sessions.ts';
import { openSession } from './open-session.ts';
import type { Opening } from './open-session.ts';
import { otherSessions } from './other-sessions.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { cookieSession } from './read-browser.ts';
import { record, recordedSession } from './record.ts';
import { refuseLeaver } from './refuse-leaver.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { takeOverPath } from './take-over-path.ts';

/**
 * Sets the cookies; answering is left to the caller. False where it has answered itself: with the question about a session
 * elsewhere, or because the provider has signed the person out meanwhile, and then there is no session. `back`: where the
 * question leads on to; null where the caller has something to show that would be lost. Rejects with a Fault, and then there
 * is no session either.
 */
export async function completeSignIn(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  pending: Omit<PendingSignIn, 'enrolSecret'>,
  factor: FactorEvidence,
  back: string | null,
): Promise<boolean> {
  const context = ownContext(needs, res);
  const before = await cookieSession(needs, req, context);
  const device = await browserDevice(needs, req, context, pending.subject);
  const link = (await joinedSession(needs, context, pending))?.place?.link ?? null;
  const all = await otherSessions(needs, pending.subject, before?.key ?? null, link);
  // One that waits here for this person is not elsewhere.
  const others = all.filter(({ session }) => !waitsAt(session, device, pending.subject));
  const does = judgeTakeOver(needs.settings.signIn.takeOver, others.length, back !== null);
  if (does === 'ask') {
    await setPending(req, { ...pending, enrolSecret: null, proved: factor });
    sendOn(res, withReturn(takeOverPath, back ?? '/'));
    return false;
  }
  const ends = does === 'end' ? others.map(({ session }) => session.reference) : [];
  return comeIn(needs, req, res, pending, { factor, ends, wasAsked: false });
}

/** The session, and the browser's cookies for it. False where it has answered itself, as above. */
export async function comeIn(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  pending: Omit<PendingSignIn, 'enrolSecret'>,
  opening: Opening,
): Promise<boolean> {
  const context = ownContext(needs, res);
  const device = await browserDevice(needs, req, context, pending.subject);
  const before = await cookieSession(needs, req, context);
  const opened = await openSession(needs, context, pending, { ...opening, device, before });
  if (opened === null) {
    sendRefusal(needs, res, 'sign-in-failed', { says: wordsIn(pageClinic(needs, res).language).emergencySignIn.usedMeanwhile });
    return false;
  }
  const { id, session } = opened;
  await endInteraction(needs, req, res);
  if ((await leftMeanwhile(needs, res, session)) || (await endedMeanwhile(needs, res, session, pending.at))) return false;
  res.append('Set-Cookie', setCookie('session', id, context.settings.secure, null));
  await keepDevice(needs, req, res, context, device);
  if (device?.kind === 'shared') await needs.deskPeople.add(device.id, session.subject);
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
