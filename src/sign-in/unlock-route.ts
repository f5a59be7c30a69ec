// GET and POST /.wardgate/unlock: the code that unlocks a session, from the cover over the EHR's page or from a page of its
// own. GET /.wardgate/unlocked: where a window comes back that was opened to unlock at the sign-in service.

import type { Request, RequestHandler, Response } from 'express';
import { inLanguage } from '../pages/in-language.ts';
import { unlockedPage, unlockPage } from '../pages/unlock-page.ts';
import { heldSession } from './activity-route.ts';
import { describeFailure } from './describe-failure.ts';
import { returnTo, shownIn } from './factor-route.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { ownerOf } from './passkey-owner.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage } from './send.ts';
import { sessionState, stateStatus } from './session-state.ts';
import type { SessionState } from './session-state.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { recordUnlockFailed, unlockSession } from './unlock-session.ts';
import type { verifyFactor } from './verify-factor.ts';

const path = '/.wardgate/unlock';

export function showUnlock(needs: SignInNeeds): RequestHandler {
  return heldSession(needs, async ({ res, session, context }) => {
    const state = await sessionState(needs, session, context);
    // Another tab has unlocked meanwhile: this one just goes on.
    if (state.state === 'active') sendOn(res, returnTo(needs, res));
    else sendPage(res, page(needs, res, state, null), stateStatus.locked);
  });
}

export function postUnlock(needs: SignInNeeds, verify: ReturnType<typeof verifyFactor>): RequestHandler {
  return heldSession(needs, async ({ req, res, session, context }) => {
    const state = await sessionState(needs, session, context);
    if (state.state === 'active') return goOn(needs, req, res, context);
    const { subject, reference } = session;
    const verdict = await verify({ subject, session: reference, ...shownIn(req, ownerOf('unlock', session.key)), context });
    if (!verdict.proved) {
      await recordUnlockFailed(needs, context, session, verdict.reason);
      const { status, text } = describeFailure(verdict, res, pageClinic(needs, res));
      if (asksJson(req)) res.status(status).json({ ...state, problem: text });
      else sendPage(res, page(needs, res, state, text), status);
      return undefined;
    }
    const { evidence } = verdict;
    await unlockSession(needs, context, session, evidence.method, { factor: evidence });
    return goOn(needs, req, res, context);
  });
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
    res.status(401).json({ state: 'ended' });
    return;
  }
  const state = await sessionState(needs, found.value, context);
  res.status(stateStatus[state.state]).json(state);
}

function asksJson(req: Request): boolean {
  return req.accepts(['html', 'json']) === 'json';
}

function page(needs: SignInNeeds, res: Response, state: SessionState, problem: string | null): string {
  const back = returnTo(needs, res);
  const clinic = pageClinic(needs, res);
  const { time } = inLanguage(clinic.language, needs.settings.clinic.timezone);
  const { name, ways } = state;
  const provider = `/.wardgate/sign-in?unlock=1&return=${encodeURIComponent(back)}`;
  return unlockPage({
    clinic,
    name,
    until: time(needs.clock.now() + state.endsInSeconds * 1000),
    takesCode: ways.includes('code'),
    ...(ways.includes('passkey') ? { passkey: `${path}/options` } : {}),
    action: withReturn(path, back),
    back,
    provider,
    problem,
  });
}
