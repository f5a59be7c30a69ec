// GET and POST /.wardgate/enrol: sets up the second factor of somebody who has none. The secret is shown until one code
// proves that it arrived, and never again; an enrolment never replaces another.

import type { Request, Response } from 'express';
import { generateURI } from 'otplib/functional';
import { renderSVG } from 'uqr';
import { base32 } from '../core/second-factor/base32.ts';
import { readCode } from '../core/second-factor/read-code.ts';
import { enrolPage, recoveryCodesPage } from '../pages/factor-pages.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { Challenges } from './challenges.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { enrolPasskey } from './enrol-passkey.ts';
import { permittedOrAsked, takeEnrolCode } from './enrol-permit.ts';
import { fieldOf, pendingOrAway, returnTo } from './factor-route.ts';
import { interactionSeconds, savePending } from './interaction.ts';
import type { PendingSignIn } from './interaction.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { ownerOf } from './passkey-owner.ts';
import { personKey } from './person-key.ts';
import { record, recordedSubject } from './record.ts';
import { newRecoveryCodes, randomBytes } from './recovery-codes.ts';
import { withReturn } from './return-path.ts';
import { sendPage, sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { verifyTotp } from './verify-totp.ts';

const path = '/.wardgate/enrol';
const secretBytes = 20;

export function showEnrol(needs: SignInNeeds) {
  return async (req: Request, res: Response): Promise<void> => {
    const pending = await pendingOrAway(needs, req, res, path);
    if (pending === null || !(await permittedOrAsked(needs, res, pending))) return;
    const enrolSecret = pending.enrolSecret ?? base32(randomBytes(needs.randomness, secretBytes));
    if (pending.enrolSecret === null) await savePending(req, { ...pending, enrolSecret });
    sendPage(res, pageFor(needs, res, pending, enrolSecret, null));
  };
}

export function postEnrol(needs: SignInNeeds, turns: OneAtATime, challenges: Challenges) {
  return async (req: Request, res: Response): Promise<void> => {
    // Two tabs may confirm at once; the second then finds the person enrolled and is sent to the code page.
    const pending = await pendingOrAway(needs, req, res, path);
    if (pending === null) return;
    if (fieldOf(req, 'enrol-code') !== undefined) return takeEnrolCode(needs, turns, req, res, pending);
    if (!(await permittedOrAsked(needs, res, pending))) return;
    await turns.run(personKey(pending.subject), async () => {
      if (fieldOf(req, 'passkey') === undefined) await confirm(needs, req, res, pending);
      else await confirmPasskey(needs, challenges, req, res, pending);
    });
    if (!res.headersSent) sendRefusal(needs, res, 'too-many-attempts');
  };
}

async function confirm(needs: SignInNeeds, req: Request, res: Response, pending: PendingSignIn): Promise<void> {
  if ((await pendingOrAway(needs, req, res, path)) === null) return;
  const { subject, enrolSecret } = pending;
  const typed = readCode(fieldOf(req, 'code'));
  const at = needs.clock.now();
  const offersCode = needs.settings.secondFactor.methods.includes('totp');
  const step =
    offersCode && enrolSecret !== null && typed.kind === 'totp' ? await verifyTotp(enrolSecret, typed.code, at, -1) : null;
  const who = { subject: recordedSubject(subject) };
  if (enrolSecret === null || step === null) {
    await record(needs, ownContext(needs, res), 'second-factor-failed', {
      ...who,
      decision: 'refused',
      reason: 'second-factor-wrong',
      detail: 'enrolment',
    });
    const problem = wordsIn(pageClinic(needs, res).language).enrol.wrong;
    if (enrolSecret === null) await showEnrol(needs)(req, res);
    else sendPage(res, pageFor(needs, res, pending, enrolSecret, problem), 403);
    return;
  }
  const { codes, hashes } = newRecoveryCodes(needs.randomness, subject);
  await record(needs, ownContext(needs, res), 'enrolment', { ...who, factor: 'totp', decision: 'allowed' });
  const sealed = needs.sealer.seal('totp', personKey(subject), enrolSecret);
  await needs.factors.enrolTotp(subject.issuer, subject.sub, sealed, step, at, hashes);
  // Signed out at the provider meanwhile: the factor stands, and its recovery codes, which nobody has seen, are worth nothing.
  if (!(await completeSignIn(needs, req, res, pending, { method: 'totp', at }))) return;
  sendPage(res, recoveryCodesPage({ clinic: pageClinic(needs, res), codes, next: returnTo(needs, res) }));
}

async function confirmPasskey(
  needs: SignInNeeds,
  challenges: Challenges,
  req: Request,
  res: Response,
  pending: PendingSignIn,
): Promise<void> {
  if ((await pendingOrAway(needs, req, res, path)) === null) return;
  const { subject, enrolSecret } = pending;
  const { codes, hashes } = newRecoveryCodes(needs.randomness, subject);
  const read = { answer: fieldOf(req, 'passkey'), name: fieldOf(req, 'name') };
  const owner = ownerOf('enrol', req.sessionID);
  const given = { challenges, owner, subject, session: null, context: ownContext(needs, res), ...read };
  const isOffered = needs.settings.secondFactor.methods.includes('passkey');
  if (!isOffered || !(await enrolPasskey(needs, given, hashes))) {
    sendPage(
      res,
      pageFor(needs, res, pending, enrolSecret ?? '', wordsIn(pageClinic(needs, res).language).enrol.passkeyFailed),
      403,
    );
    return;
  }
  // Making a passkey verified the person on their device, as using it does.
  if (!(await completeSignIn(needs, req, res, pending, { method: 'passkey', at: needs.clock.now() }))) return;
  sendPage(res, recoveryCodesPage({ clinic: pageClinic(needs, res), codes, next: returnTo(needs, res) }));
}

function pageFor(needs: SignInNeeds, res: Response, { subject }: PendingSignIn, secret: string, problem: string | null): string {
  const { secondFactor } = needs.settings;
  const clinic = pageClinic(needs, res);
  const uri = generateURI({ issuer: clinic.name, label: subject.name, secret });
  const action = withReturn(path, returnTo(needs, res));
  const code = { account: subject.name, secret, uri, qrCode: renderSVG(uri, { border: 2 }) };
  return enrolPage({
    clinic,
    action,
    problem,
    limitSeconds: interactionSeconds,
    ...(secondFactor.methods.includes('passkey') ? { passkey: `${path}/options` } : {}),
    ...(secondFactor.methods.includes('totp') && secret !== '' ? { code } : {}),
  });
}
