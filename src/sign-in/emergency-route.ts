// GET and POST /.wardgate/emergency: break-glass. Access for a stated reason, boxed in time, recorded before it opens and
// reviewed afterwards (45 CFR 164.312(a)(2)(ii)).

import type { Response } from 'express';
import type { Session } from '../ports.ts';
import { hideIds } from '../core/patients/hide-ids.ts';
import { reasonPage } from '../pages/account-pages.ts';
import { fillText } from '../pages/fill-text.ts';
import { minutesIn } from '../pages/in-language.ts';
import { wordsIn } from '../pages/words-in.ts';
import { fieldOf, returnTo } from './factor-route.ts';
import { goOnConfirmed, withPost } from './go-on-confirmed.ts';
import { pageClinic } from './page-clinic.ts';
import { readReason } from './reason-field.ts';
import { record, recordedSession } from './record.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage, sendRefusal } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/emergency';

export function showEmergency(needs: SignInNeeds) {
  return sessionPage(needs, ({ res, session }) => {
    // What is only remembered opens no emergency access: the person confirms first.
    if (isRemembered(session)) sendOn(res, stepUp(needs, res));
    else if (mayBreakGlass(needs, session)) sendPage(res, page(needs, res, '', null));
    else refuseRole(needs, res);
  });
}

export function postEmergency(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    if (!mayBreakGlass(needs, session)) {
      refuseRole(needs, res);
      return;
    }
    if (isRemembered(session)) {
      const label = wordsIn(pageClinic(needs, res).language).ways.confirm;
      sendRefusal(needs, res, 'second-factor-required', { remedy: { href: stepUp(needs, res), label } });
      return;
    }
    const typed = fieldOf(req, 'reason');
    const read = readReason(typed, wordsIn(pageClinic(needs, res).language).reason);
    if (read.reason === null) {
      sendPage(res, page(needs, res, typed ?? '', read.problem), 400);
      return;
    }
    const { issuer, sub } = session.subject;
    const openedAt = needs.clock.now();
    const expiresAt = openedAt + needs.settings.breakGlass.lastsSeconds * 1000;
    const grant = { id: needs.randomness.id(), issuer, sub, reason: read.reason, openedAt, expiresAt };
    await record(needs, context, 'break-glass', {
      ...recordedSession(session),
      grant: grant.id,
      decision: 'allowed',
      durationMilliseconds: expiresAt - openedAt,
      detail: hideIds(read.reason, needs.recordedToken),
    });
    await needs.grants.open(grant);
    await goOnConfirmed(needs, res, session, context);
  });
}

function isRemembered({ factor }: Session): boolean {
  return factor.method === 'remembered';
}

function stepUp(needs: SignInNeeds, res: Response): string {
  return `/.wardgate/step-up?return=${encodeURIComponent(withReturn(path, returnTo(needs, res)))}`;
}

/** A grant that no rule would honour is only a false alarm. */
function mayBreakGlass(needs: SignInNeeds, session: Session): boolean {
  return needs.policy().rules.some((rule) => rule.emergencyRoles.some((role) => session.roles.includes(role)));
}

function refuseRole(needs: SignInNeeds, res: Response): void {
  sendRefusal(needs, res, 'role-not-permitted', { says: wordsIn(pageClinic(needs, res).language).emergency.notYourRole });
}

function page(needs: SignInNeeds, res: Response, reason: string, problem: string | null): string {
  const clinic = pageClinic(needs, res);
  const { title, lead, label, button } = wordsIn(clinic.language).emergency;
  return reasonPage({
    clinic,
    title,
    lead: fillText(lead, { time: minutesIn(clinic.language, needs.settings.breakGlass.lastsSeconds) }),
    label,
    button,
    action: withPost(needs, res, withReturn(path, returnTo(needs, res))),
    reason,
    problem,
  });
}
