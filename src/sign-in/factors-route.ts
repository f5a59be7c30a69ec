// GET and POST /.wardgate/factors: a person's own second factors, each with its name; another passkey is added and one that
// is lost removed, only by whoever has confirmed in the last minutes. The last one stays: without it nobody could come in.

import type { Response } from 'express';
import { resistsPhishing } from '../core/second-factor/resists-phishing.ts';
import { factorsPage } from '../pages/factors-page.ts';
import { inLanguage } from '../pages/in-language.ts';
import type { Words } from '../pages/languages/en.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { Session } from '../ports.ts';
import type { Challenges } from './challenges.ts';
import { enrolPasskey } from './enrol-passkey.ts';
import { mayEnrolFrom } from './enrol-zone.ts';
import { enrolledFactors } from './enrolled-factors.ts';
import { fieldOf } from './factor-route.ts';
import { isFresh } from './fresh-factor.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { ownerOf } from './passkey-owner.ts';
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
    const given = { remove: fieldOf(req, 'remove'), answer: fieldOf(req, 'passkey'), name: fieldOf(req, 'name') };
    const { remove } = given;
    const words = wordsIn(pageClinic(needs, res).language).factors;
    const problem = await turns.run(personKey(session.subject), async () =>
      remove === undefined
        ? add(needs, challenges, session, context, { ...given, words })
        : removeOne(needs, session, context, remove, words),
    );
    if (problem === '') sendOn(res, path);
    else await show(needs, res, session, context, problem ?? words.tooMuch, 403);
  });
}

const stepUp = `/.wardgate/step-up?return=${encodeURIComponent(path)}`;

/** Empty where it was done, else what the person reads. */
async function add(
  needs: SignInNeeds,
  challenges: Challenges,
  session: Session,
  context: OwnContext,
  { answer, name, words }: { readonly answer: unknown; readonly name: unknown; readonly words: Words['factors'] },
): Promise<string> {
  const { subject } = session;
  if (!needs.settings.secondFactor.methods.includes('passkey')) return words.notOffered;
  const { any } = await enrolledFactors(needs, subject);
  // The first one here, and one that a phished code would vouch for: whoever has the code for a moment must not stay for good.
  if ((!any || !resistsPhishing(session.factor)) && !mayEnrolFrom(needs, context)) {
    const refused = { decision: 'refused', reason: 'enrolment-not-permitted' } as const;
    await record(needs, context, 'second-factor-failed', { ...recordedSession(session), ...refused, detail: 'enrolment' });
    return words.notFromHere;
  }
  const given = { challenges, owner: ownerOf('add', session.key), subject, session, context, answer, name };
  return (await enrolPasskey(needs, given, null)) ? '' : words.notAdded;
}

async function removeOne(
  needs: SignInNeeds,
  session: Session,
  context: OwnContext,
  id: string,
  words: Words['factors'],
): Promise<string> {
  const { issuer, sub } = session.subject;
  const passkey = (await needs.passkeys.list(issuer, sub)).find((one) => one.id === id);
  if (passkey === undefined) return words.unknown;
  const removed = { ...recordedSession(session), detail: `passkey "${passkey.name}"` };
  if (!(await mayLose(needs, session))) {
    const detail = `passkey "${passkey.name}" is the last factor`;
    await record(needs, context, 'second-factor-failed', { ...removed, decision: 'refused', reason: 'last-factor', detail });
    return words.last;
  }
  await record(needs, context, 'factor-removed', { ...removed, decision: 'allowed' });
  return (await needs.passkeys.remove(issuer, sub, id)) ? '' : words.notRemoved;
}

async function mayLose(needs: SignInNeeds, { subject }: Session): Promise<boolean> {
  const { totp, passkeys } = await enrolledFactors(needs, subject);
  return totp !== null || passkeys.length > 1;
}

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
