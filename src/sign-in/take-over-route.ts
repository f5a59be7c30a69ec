// GET and POST /.wardgate/take-over: asks somebody who has shown both factors, and is signed in elsewhere as well, whether
// that session ends. Both answers lead in; only the sessions that the page named are ended.

import type { Request, Response } from 'express';
import type { Language } from '../core/language/language.ts';
import { waitsAt } from '../core/session/waits-at.ts';
import { takeOverPage } from '../pages/take-over-page.ts';
import { browserDevice } from './browser-device.ts';
import { clinicMoment } from './clinic-moment.ts';
import { comeIn } from './complete-sign-in.ts';
import { fieldOf, returnTo } from './factor-route.ts';
import { pendingSignIn } from './interaction.ts';
import type { PendingSignIn } from './interaction.ts';
import { joinedSession } from './join-sessions.ts';
import { landing } from './landing.ts';
import { oneOfEachLink, otherSessions, placeOf } from './other-sessions.ts';
import type { PlacedSession } from './other-sessions.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { activeSession, cookieSession } from './read-browser.ts';
import { rememberFactor } from './remember-factor.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { takeOverPath } from './take-over-path.ts';
import { wayOn } from './way-on.ts';

/** Shown and ended at a time; a person with more sessions than that keeps the oldest. */
const mostShown = 10;

export function showTakeOver(needs: SignInNeeds) {
  return async (req: Request, res: Response): Promise<void> => {
    const pending = await provedOrAway(needs, req, res);
    if (pending === null) return;
    const context = ownContext(needs, res);
    const before = await cookieSession(needs, req, context);
    const device = await browserDevice(needs, req, context, pending.subject);
    const link = (await joinedSession(needs, context, pending))?.place?.link ?? null;
    const all = await otherSessions(needs, pending.subject, before?.key ?? null, link);
    const elsewhere = all.filter(({ session }) => !waitsAt(session, device, pending.subject));
    const others = oneOfEachLink(elsewhere).slice(0, mostShown);
    const clinic = pageClinic(needs, res);
    const page = takeOverPage({
      clinic,
      action: withReturn(takeOverPath, returnTo(needs, res)),
      others: others.map((other) => shown(needs, clinic.language, other)),
      references: others.map(({ session }) => session.reference).join(' '),
    });
    sendPage(res, page);
  };
}

export function postTakeOver(needs: SignInNeeds) {
  return async (req: Request, res: Response): Promise<void> => {
    const pending = await provedOrAway(needs, req, res);
    if (pending === null) return;
    const takes = fieldOf(req, 'choice') === 'take';
    const ends = takes ? (fieldOf(req, 'sessions') ?? '').split(' ').slice(0, mostShown) : [];
    const { proved: factor } = pending;
    if (!(await comeIn(needs, req, res, pending, { factor, ends, wasAsked: true }))) return;
    const context = ownContext(needs, res);
    if (pending.remembers === true) await rememberFactor(needs, req, res, context, pending.subject, factor);
    sendOn(
      res,
      await wayOn(needs, pending.subject, await landing(needs, pending.subject, context.application, returnTo(needs, res))),
    );
  };
}

type Proved = PendingSignIn & Required<Pick<PendingSignIn, 'proved'>>;

/** Who has shown both factors; otherwise the browser has been sent on and this is null. */
async function provedOrAway(needs: SignInNeeds, req: Request, res: Response): Promise<Proved | null> {
  const pending = pendingSignIn(needs, req, res);
  if (pending?.proved !== undefined) return { ...pending, proved: pending.proved };
  const back = returnTo(needs, res);
  // Another tab has answered meanwhile: this one just goes on.
  const session = pending === null ? await activeSession(needs, req, ownContext(needs, res)) : null;
  sendOn(res, session === null ? withReturn('/.wardgate/sign-in', back) : back);
  return null;
}

function shown({ settings, clock }: SignInNeeds, language: Language, { session, isLocked }: PlacedSession) {
  const moment = (at: number): string => clinicMoment(at, clock.now(), language, settings.clinic.timezone);
  return { place: placeOf(session), since: moment(session.createdAt), lastSeen: moment(session.lastActiveAt), isLocked };
}
