// GET and POST /.wardgate/step-up: the second factor once more, for rules that want it fresh, as a page. POST
// /.wardgate/step-up/confirm: the same for a script in the EHR's pages, which shows its own form and repeats the request. The
// session goes on under a new id, because its privilege rises.

import type { Request, Response } from 'express';
import type { Session } from '../ports.ts';
import { codePage } from '../pages/factor-pages.ts';
import { confirmSession, recordStepUpFailed } from './confirm-session.ts';
import { wordsIn } from '../pages/words-in.ts';
import { describeFailure } from './describe-failure.ts';
import { enrolledFactors } from './enrolled-factors.ts';
import type { EnrolledFactors } from './enrolled-factors.ts';
import { returnTo, shownIn } from './factor-route.ts';
import { goOnConfirmed, withPost } from './go-on-confirmed.ts';
import { ownContext } from './own-context.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { ownerOf } from './passkey-owner.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import type { FactorVerdict, verifyFactor } from './verify-factor.ts';

const path = '/.wardgate/step-up';

type Verify = ReturnType<typeof verifyFactor>;

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

export function postStepUp(needs: SignInNeeds, verify: Verify) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const verdict = await prove(needs, verify, req, session, context);
    if (!verdict.proved) {
      const { status, text } = describeFailure(verdict, res, pageClinic(needs, res));
      sendPage(res, page(needs, res, await enrolledFactors(needs, session.subject), text), status);
    } else if (await confirmSession(needs, res, session, context, verdict.evidence)) {
      await goOnConfirmed(needs, res, session, context);
    } else sendOn(res, withReturn('/.wardgate/sign-in', returnTo(needs, res)));
  });
}

/** Only says whether it was confirmed: what the page asked for it asks for once more. */
export function confirmStepUp(needs: SignInNeeds, verify: Verify) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const verdict = await prove(needs, verify, req, session, context);
    if (!verdict.proved) {
      const { status, text } = describeFailure(verdict, res, pageClinic(needs, res));
      res.status(status).json({ confirmed: false, problem: text });
    } else if (await confirmSession(needs, res, session, context, verdict.evidence)) res.json({ confirmed: true });
    else res.status(401).json({ confirmed: false, state: 'ended' });
  });
}

async function prove(
  needs: SignInNeeds,
  verify: Verify,
  req: Request,
  session: Session,
  context: OwnContext,
): Promise<FactorVerdict> {
  const { subject, reference } = session;
  const verdict = await verify({ subject, session: reference, ...shownIn(req, ownerOf('step-up', reference)), context });
  if (!verdict.proved) await recordStepUpFailed(needs, session, context, verdict.reason);
  return verdict;
}

/** Where a rule takes no code, none is asked for. */
function passkeyOnly(needs: SignInNeeds, res: Response): boolean {
  return new URLSearchParams(ownContext(needs, res).target.query ?? '').get('only') === 'passkey';
}

function page(needs: SignInNeeds, res: Response, { totp, passkeys }: EnrolledFactors, problem: string | null): string {
  const only = passkeyOnly(needs, res);
  const clinic = pageClinic(needs, res);
  const words = wordsIn(clinic.language).stepUp;
  const action = withPost(needs, res, withReturn(path, returnTo(needs, res)));
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
