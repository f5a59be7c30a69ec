// GET and POST /.wardgate/step-up: the second factor once more, for rules that want it fresh. The session goes on under a
// new id, because its privilege rises.

import type { Response } from 'express';
import { setCookie } from '../core/session/cookies.ts';
import { codePage } from '../pages/factor-pages.ts';
import { wordsIn } from '../pages/words-in.ts';
import { describeFailure } from './describe-failure.ts';
import { enrolledFactors } from './enrolled-factors.ts';
import type { EnrolledFactors } from './enrolled-factors.ts';
import { returnTo, shownIn } from './factor-route.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { ownerOf } from './passkey-owner.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage } from './send.ts';
import { sessionKey } from './session-key.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import type { verifyFactor } from './verify-factor.ts';

const path = '/.wardgate/step-up';

export function showStepUp(needs: SignInNeeds) {
  return sessionPage(needs, async ({ res, session }) => {
    const enrolled = await enrolledFactors(needs, session.subject);
    const lacksPasskey = passkeyOnly(needs, res) && enrolled.passkeys.length === 0;
    const { trustPhishingResistant } = needs.settings.secondFactor;
    // Whoever brought the provider's factor confirms there: a new sign-in is their step-up.
    if (enrolled.any && !(lacksPasskey && trustPhishingResistant.length > 0)) sendPage(res, page(needs, res, enrolled, null));
    else sendOn(res, `/.wardgate/sign-in?fresh=1&return=${encodeURIComponent(returnTo(needs, res))}`);
  });
}

export function postStepUp(needs: SignInNeeds, verify: ReturnType<typeof verifyFactor>) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const { subject, reference } = session;
    const verdict = await verify({ subject, session: reference, ...shownIn(req, ownerOf('step-up', session.key)), context });
    if (!verdict.proved) {
      const { status, text } = describeFailure(verdict, res, pageClinic(needs, res));
      sendPage(res, page(needs, res, await enrolledFactors(needs, subject), text), status);
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

/** Where a rule takes no code, none is asked for. */
function passkeyOnly(needs: SignInNeeds, res: Response): boolean {
  return new URLSearchParams(ownContext(needs, res).target.query ?? '').get('only') === 'passkey';
}

function page(needs: SignInNeeds, res: Response, { totp, passkeys }: EnrolledFactors, problem: string | null): string {
  const only = passkeyOnly(needs, res);
  const clinic = pageClinic(needs, res);
  const words = wordsIn(clinic.language).stepUp;
  const action = withReturn(path, returnTo(needs, res));
  return codePage({
    clinic,
    title: words.title,
    lead: only ? (passkeys.length > 0 ? words.passkeyOnly : words.lacksPasskey) : words.lead,
    action: only ? `${action}${action.includes('?') ? '&' : '?'}only=passkey` : action,
    takes: { code: only ? null : totp !== null, passkey: passkeys.length > 0 ? `${path}/options` : null },
    ...(only && passkeys.length === 0 ? { instead: { href: '/.wardgate/factors', label: words.factors } } : {}),
    problem,
  });
}
