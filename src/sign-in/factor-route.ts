// GET and POST /.wardgate/second-factor: the code that completes a sign-in.

import type { Request, Response } from 'express';
import { codePage } from '../pages/factor-pages.ts';
import { fillText } from '../pages/fill-text.ts';
import { wordsIn } from '../pages/words-in.ts';
import { enrolledFactors } from './enrolled-factors.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { mayTryEmergency } from './emergency-open.ts';
import { interactionSeconds, pendingSignIn } from './interaction.ts';
import type { PendingSignIn } from './interaction.ts';
import { landing } from './landing.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { activeSession } from './read-browser.ts';
import { rememberFactor, rememberPlace } from './remember-factor.ts';
import { ownerOf } from './passkey-owner.ts';
import { refuseLeaver } from './refuse-leaver.ts';
import { returnPath, withReturn } from './return-path.ts';
import { sendOn, sendPage, sendRefusal } from './send.ts';
import { describeFailure } from './describe-failure.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import type { verifyFactor } from './verify-factor.ts';
import { wayOn } from './way-on.ts';

const path = '/.wardgate/second-factor';

/** The page, or wherever this person belongs instead. */
export function showFactor(needs: SignInNeeds) {
  return async (req: Request, res: Response): Promise<void> => {
    const pending = await pendingOrAway(needs, req, res, path);
    if (pending !== null) sendPage(res, await factorPage(needs, req, res, pending, null));
  };
}

export function postFactor(needs: SignInNeeds, verify: ReturnType<typeof verifyFactor>) {
  return async (req: Request, res: Response): Promise<void> => {
    const pending = await pendingOrAway(needs, req, res, path);
    if (pending === null) return;
    const context = ownContext(needs, res);
    const asked = fieldOf(req, 'remember') === 'yes';
    const shown = shownIn(req, ownerOf('sign-in', req.sessionID));
    const isEmergency = pending.emergency !== undefined;
    // A code on paper beside a code on paper is one thing, not two.
    const verdict = await verify({ subject: pending.subject, session: null, ...shown, context, takesRecovery: !isEmergency });
    if (verdict.proved) {
      const known = asked ? { ...pending, remembers: true } : pending;
      const back = returnTo(needs, res);
      if (!(await completeSignIn(needs, req, res, known, verdict.evidence, back))) return;
      if (asked) await rememberFactor(needs, req, res, context, pending.subject, verdict.evidence);
      sendOn(res, await wayOn(needs, pending.subject, await landing(needs, pending.subject, context.application, back)));
      return;
    }
    const { status, text } = describeFailure(verdict, res, pageClinic(needs, res));
    sendPage(res, await factorPage(needs, req, res, pending, text), status);
  };
}

/** Who is on the way in and belongs on `here`; otherwise the browser has been sent on and this is null. */
export async function pendingOrAway(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  here: string,
): Promise<PendingSignIn | null> {
  const pending = pendingSignIn(needs, req, res);
  const back = returnTo(needs, res);
  if (pending === null) {
    // Another tab has finished meanwhile: this one just goes on.
    const session = await activeSession(needs, req, ownContext(needs, res));
    sendOn(res, session === null ? withReturn('/.wardgate/sign-in', back) : back);
    return null;
  }
  if (pending.emergency !== undefined && !mayTryEmergency(needs, ownContext(needs, res))) {
    sendRefusal(needs, res, 'emergency-closed', {
      remedy: { href: withReturn('/.wardgate/sign-in', back), label: wordsIn(pageClinic(needs, res).language).ways.signIn },
    });
    return null;
  }
  // Let go while they were on the way in: their factors are gone, and they must not set up others.
  if (await refuseLeaver(needs, res, pending.subject)) return null;
  const { any: enrolled } = await enrolledFactors(needs, pending.subject);
  if (pending.emergency !== undefined && !enrolled) {
    sendRefusal(needs, res, 'enrolment-not-permitted');
    return null;
  }
  const belongs = enrolled ? path : '/.wardgate/enrol';
  if (belongs === here) return pending;
  sendOn(res, withReturn(belongs, back));
  return null;
}

/** Where this page's own `return` leads, judged once more: a tab keeps its own way back. */
export function returnTo(needs: SignInNeeds, res: Response): string {
  const { target, settings } = ownContext(needs, res);
  const stated = new URLSearchParams(target.query ?? '').get('return');
  return returnPath(stated, settings.targetProfile);
}

/** One field of a parsed form; anything but a single string is undefined. */
export function fieldOf(req: Request, name: string): string | undefined {
  const body: unknown = req.body;
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined;
  const value = (body as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** What a form shows: a code that was typed, or what the browser did with a passkey for `owner`. */
export function shownIn(req: Request, owner: string): { typed: unknown; passkey: { owner: string; answer: string } | undefined } {
  const answer = fieldOf(req, 'passkey');
  return { typed: fieldOf(req, 'code'), passkey: answer === undefined ? undefined : { owner, answer } };
}

async function factorPage(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  pending: PendingSignIn,
  problem: string | null,
): Promise<string> {
  const place = await rememberPlace(needs, req, ownContext(needs, res), pending.subject);
  const { totp, passkeys } = await enrolledFactors(needs, pending.subject);
  const clinic = pageClinic(needs, res);
  const words = wordsIn(clinic.language).factor;
  return codePage({
    clinic,
    title: words.title,
    lead: fillText(words.lead, { name: pending.subject.displayName }),
    limitSeconds: interactionSeconds,
    notYou: '/.wardgate/sign-out',
    action: withReturn(path, returnTo(needs, res)),
    takes: { code: totp !== null, passkey: passkeys.length > 0 ? `${path}/options` : null },
    ...(place === null ? {} : { remember: { device: place.device.name, lastsSeconds: place.lastsSeconds } }),
    problem,
  });
}
