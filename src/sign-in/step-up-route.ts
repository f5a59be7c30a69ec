// GET and POST /.wardgate/step-up: the second factor once more, for rules that want it fresh. The session goes on under a
// new id, because its privilege rises.

import type { Response } from 'express';
import { setCookie } from '../core/session/cookies.ts';
import { codePage } from '../pages/factor-pages.ts';
import { describeFailure } from './describe-failure.ts';
import { fieldOf, returnTo } from './factor-route.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage } from './send.ts';
import { sessionKey } from './session-key.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import type { verifyFactor } from './verify-factor.ts';

const path = '/.wardgate/step-up';

export function showStepUp(needs: SignInNeeds) {
  return sessionPage(needs, async ({ res, session }) => {
    const enrolled = (await needs.factors.totp(session.subject.issuer, session.subject.sub)) !== null;
    // Whoever brought the provider's factor confirms there: a new sign-in is their step-up.
    if (enrolled) sendPage(res, page(needs, res, null));
    else sendOn(res, `/.wardgate/sign-in?fresh=1&return=${encodeURIComponent(returnTo(needs, res))}`);
  });
}

export function postStepUp(needs: SignInNeeds, verify: ReturnType<typeof verifyFactor>) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const verdict = await verify({ subject: session.subject, session: session.reference, typed: fieldOf(req, 'code'), context });
    if (!verdict.proved) {
      const { status, text } = describeFailure(verdict, res);
      sendPage(res, page(needs, res, text), status);
      return;
    }
    const id = needs.randomness.id();
    // These fields alone: while the code was checked, another tab may have selected a patient.
    const raised = { factor: verdict.evidence, lastActiveAt: needs.clock.now() };
    if (!(await needs.sessions.rename(session.key, sessionKey(id), raised))) {
      sendOn(res, withReturn('/.wardgate/sign-in', returnTo(needs, res)));
      return;
    }
    res.append('Set-Cookie', setCookie('session', id, context.settings.secure, null));
    sendOn(res, returnTo(needs, res));
  });
}

function page(needs: SignInNeeds, res: Response, problem: string | null): string {
  return codePage({
    clinic: needs.settings.clinic,
    title: 'Confirm once more',
    lead: 'What you asked for needs a fresh confirmation. Type the code from the authenticator app on your phone.',
    action: withReturn(path, returnTo(needs, res)),
    problem,
  });
}
