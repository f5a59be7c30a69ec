// GET and POST /.wardgate/factors: a person's own second factors, each with its name, changed only by whoever has confirmed in
// the last minutes.

import type { Response } from 'express';
import { recoveryCodesPage } from '../pages/factor-pages.ts';
import { factorsPage } from '../pages/factors-page.ts';
import { inLanguage } from '../pages/in-language.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { Session } from '../ports.ts';
import { changeFactors } from './change-factors.ts';
import type { Challenges } from './challenges.ts';
import { enrolledFactors } from './enrolled-factors.ts';
import { fieldOf } from './factor-route.ts';
import { isFresh } from './fresh-factor.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { personKey } from './person-key.ts';
import { record, recordedSession } from './record.ts';
import { sendOn, sendPage, sendRefusal } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/factors';

export function showFactors(needs: SignInNeeds) {
  return sessionPage(needs, async ({ res, session, context }) => show(needs, res, session, context, null));
}

export function postFactors(needs: SignInNeeds, challenges: Challenges, turns: OneAtATime) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    if (!isFresh(needs, session)) {
      const detail = 'Whoever adds or removes a second factor must have confirmed in the last five minutes';
      await record(needs, context, 'second-factor-failed', {
        ...recordedSession(session),
        decision: 'refused',
        reason: 'second-factor-required',
        detail,
      });
      const { factors, ways } = wordsIn(pageClinic(needs, res).language);
      sendRefusal(needs, res, 'second-factor-required', {
        says: factors.notFresh,
        remedy: { href: stepUp, label: ways.confirm },
      });
      return;
    }
    const asked = {
      remove: fieldOf(req, 'remove'),
      removeCode: fieldOf(req, 'remove-code'),
      rename: fieldOf(req, 'rename'),
      renewCodes: fieldOf(req, 'renew-codes'),
      answer: fieldOf(req, 'passkey'),
      name: fieldOf(req, 'name'),
    };
    const changed = await turns.run(personKey(session.subject), async () =>
      changeFactors(needs, challenges, session, context, asked),
    );
    if (changed !== null && 'codes' in changed)
      sendPage(res, recoveryCodesPage({ clinic: pageClinic(needs, res), codes: changed.codes, next: path }));
    else if (changed?.problem === null) sendOn(res, path);
    else {
      const words = wordsIn(pageClinic(needs, res).language).factors;
      await show(needs, res, session, context, words[changed?.problem ?? 'tooMuch'], 403);
    }
  });
}

const stepUp = `/.wardgate/step-up?return=${encodeURIComponent(path)}`;

async function show(
  needs: SignInNeeds,
  res: Response,
  session: Session,
  context: OwnContext,
  problem: string | null,
  status = 200,
): Promise<void> {
  const { clinic: settings, secondFactor } = needs.settings;
  const clinic = pageClinic(needs, res);
  const { totp, passkeys } = await enrolledFactors(needs, session.subject);
  const { date } = inLanguage(clinic.language, settings.timezone);
  const page = factorsPage({
    clinic,
    problem,
    code: totp === null ? null : date(totp.enrolledAt),
    passkeys: passkeys.map(({ id, name, addedAt, usedAt }) => ({
      id,
      name,
      added: date(addedAt),
      used: usedAt === null ? null : date(usedAt),
    })),
    recoveryCodesLeft: await needs.factors.recoveryCodesLeft(session.subject.issuer, session.subject.sub),
    offersPasskeys: secondFactor.methods.includes('passkey'),
    stepUp: isFresh(needs, session) ? null : stepUp,
  });
  sendPage(res, page, status);
}
