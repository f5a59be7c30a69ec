// GET and POST /.wardgate/unlock: the code that unlocks a session, from the cover over the EHR's page or from a page of its
// own. GET /.wardgate/unlocked: where a window comes back that was opened to unlock at the sign-in service.

import type { Request, RequestHandler, Response } from 'express';
import { inLanguage } from '../pages/in-language.ts';
import { unlockedPage, unlockPage } from '../pages/unlock-page.ts';
import { wordsIn } from '../pages/words-in.ts';
import { heldSession } from './activity-route.ts';
import { onlyProviderUnlocks } from './emergency-session.ts';
import { describeFailure } from './describe-failure.ts';
import { fieldOf, returnTo, shownIn } from './factor-route.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { ownerOf } from './passkey-owner.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage, sendRefusal } from './send.ts';
import { sessionState, stateStatus } from './session-state.ts';
import type { SessionState } from './session-state.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import type { unlockByPin } from './unlock-by-pin.ts';
import { recordUnlockFailed, unlockSession } from './unlock-session.ts';
import type { verifyFactor } from './verify-factor.ts';

const path = '/.wardgate/unlock';

export function showUnlock(needs: SignInNeeds): RequestHandler {
  return heldSession(needs, async ({ req, res, session, context }) => {
    const state = await sessionState(needs, req, session, context);
    // Another tab has unlocked meanwhile: this one just goes on.
    if (state.state === 'active') sendOn(res, returnTo(needs, res));
    else sendPage(res, page(needs, res, state, null), stateStatus.locked);
  });
}

export function postUnlock(
  needs: SignInNeeds,
  verify: ReturnType<typeof verifyFactor>,
  byPin: ReturnType<typeof unlockByPin>,
): RequestHandler {
  return heldSession(needs, async ({ req, res, session, context }) => {
    const state = await sessionState(needs, req, session, context);
    if (state.state === 'active') return goOn(needs, req, res, context);
    if (onlyProviderUnlocks(needs, session)) {
      await recordUnlockFailed(needs, context, session, 'emergency-closed');
      sayNo(needs, req, res, state, { status: 403, text: wordsIn(pageClinic(needs, res).language).lock.onlyProvider });
      return undefined;
    }
    const pin = fieldOf(req, 'pin');
    if (pin !== undefined) {
      const refusal = await byPin({ req, session, context, words: wordsIn(pageClinic(needs, res).language).lock }, pin);
      if (refusal === null) return goOn(needs, req, res, context);
      if (refusal === 'ended') tellEnded(needs, req, res);
      else sayNo(needs, req, res, state, refusal);
      return undefined;
    }
    const { subject, reference } = session;
    const verdict = await verify({ subject, session: reference, ...shownIn(req, ownerOf('unlock', session.key)), context });
    if (!verdict.proved) {
      await recordUnlockFailed(needs, context, session, verdict.reason);
      sayNo(needs, req, res, state, describeFailure(verdict, res, pageClinic(needs, res)));
      return undefined;
    }
    const { evidence } = verdict;
    await unlockSession(needs, context, session, evidence.method, { factor: evidence });
    return goOn(needs, req, res, context);
  });
}

function sayNo(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  state: SessionState,
  { status, text }: { readonly status: number; readonly text: string },
): void {
  if (asksJson(req)) res.status(status).json({ ...state, problem: text });
  else sendPage(res, page(needs, res, state, text), status);
}

function tellEnded(needs: SignInNeeds, req: Request, res: Response): void {
  if (asksJson(req)) {
    res.status(401).json({ state: 'ended' });
    return;
  }
  const label = wordsIn(pageClinic(needs, res).language).ways.signIn;
  sendRefusal(needs, res, 'session-expired', { remedy: { href: withReturn('/.wardgate/sign-in', returnTo(needs, res)), label } });
}

export function showUnlocked(needs: SignInNeeds): RequestHandler {
  return (_req, res) => sendPage(res, unlockedPage({ clinic: pageClinic(needs, res) }));
}

/** The session as it stands now: it may have ended while the code was checked. */
async function goOn(needs: SignInNeeds, req: Request, res: Response, context: OwnContext): Promise<void> {
  if (!asksJson(req)) {
    sendOn(res, returnTo(needs, res));
    return;
  }
  const found = await needs.sessions.find(context.session?.key ?? '');
  if (found.found !== 'yes') {
    tellEnded(needs, req, res);
    return;
  }
  const state = await sessionState(needs, req, found.value, context);
  res.status(stateStatus[state.state]).json(state);
}

function asksJson(req: Request): boolean {
  return req.accepts(['html', 'json']) === 'json';
}

function page(needs: SignInNeeds, res: Response, state: SessionState, problem: string | null): string {
  const back = returnTo(needs, res);
  const clinic = pageClinic(needs, res);
  const { time } = inLanguage(clinic.language, needs.settings.clinic.timezone);
  const { name, ways, words: says } = state;
  const provider = `/.wardgate/sign-in?unlock=1&return=${encodeURIComponent(back)}`;
  return unlockPage({
    clinic,
    name,
    takesPin: ways.includes('pin'),
    says,
    until: time(needs.clock.now() + state.endsInSeconds * 1000),
    takesCode: ways.includes('code'),
    ...(ways.includes('passkey') ? { passkey: `${path}/options` } : {}),
    action: withReturn(path, back),
    back,
    provider,
    problem,
  });
}
