// GET and POST /.wardgate/enrol: sets up the second factor of somebody who has none. The secret is shown until one code
// proves that it arrived, and never again; an enrolment never replaces another.

import type { Request, Response } from 'express';
import { generateURI } from 'otplib/functional';
import { renderSVG } from 'uqr';
import { base32 } from '../core/second-factor/base32.ts';
import { readCode } from '../core/second-factor/read-code.ts';
import { formatRecoveryCode, normaliseRecoveryCode, recoveryCodeCount } from '../core/second-factor/recovery-code.ts';
import { enrolPage, recoveryCodesPage } from '../pages/factor-pages.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { fieldOf, pendingOrAway, returnTo } from './factor-route.ts';
import { savePending } from './interaction.ts';
import type { PendingSignIn } from './interaction.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import { ownContext } from './own-context.ts';
import { personKey } from './person-key.ts';
import { record, recordedSubject } from './record.ts';
import { recoveryHash } from './recovery-hash.ts';
import { withReturn } from './return-path.ts';
import { sendPage, sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { verifyTotp } from './verify-totp.ts';

const path = '/.wardgate/enrol';
const secretBytes = 20;
const recoveryBytes = 16;

export function showEnrol(needs: SignInNeeds) {
  return async (req: Request, res: Response): Promise<void> => {
    const pending = await pendingOrAway(needs, req, res, path);
    if (pending === null || (await refusedFromHere(needs, res, pending))) return;
    const enrolSecret = pending.enrolSecret ?? base32(randomBytes(needs, secretBytes));
    if (pending.enrolSecret === null) await savePending(req, { ...pending, enrolSecret });
    sendPage(res, pageFor(needs, res, pending, enrolSecret, null));
  };
}

export function postEnrol(needs: SignInNeeds, turns: OneAtATime) {
  return async (req: Request, res: Response): Promise<void> => {
    // Two tabs may confirm at once; the second then finds the person enrolled and is sent to the code page.
    const pending = await pendingOrAway(needs, req, res, path);
    if (pending === null || (await refusedFromHere(needs, res, pending))) return;
    await turns.run(personKey(pending.subject), async () => {
      await confirm(needs, req, res, pending);
    });
    if (!res.headersSent) sendRefusal(needs, res, 'too-many-attempts');
  };
}

async function confirm(needs: SignInNeeds, req: Request, res: Response, pending: PendingSignIn): Promise<void> {
  if ((await pendingOrAway(needs, req, res, path)) === null) return;
  const { subject, enrolSecret } = pending;
  const typed = readCode(fieldOf(req, 'code'));
  const at = needs.clock.now();
  const step = enrolSecret !== null && typed.kind === 'totp' ? await verifyTotp(enrolSecret, typed.code, at, -1) : null;
  const who = { subject: recordedSubject(subject) };
  if (enrolSecret === null || step === null) {
    await record(needs, ownContext(needs, res), 'second-factor-failed', {
      ...who,
      decision: 'refused',
      reason: 'second-factor-wrong',
      detail: 'enrolment',
    });
    const problem = 'That code is not right. Check that the clock of your phone is right, and type the code the app shows now.';
    if (enrolSecret === null) await showEnrol(needs)(req, res);
    else sendPage(res, pageFor(needs, res, pending, enrolSecret, problem), 403);
    return;
  }
  const codes = Array.from({ length: recoveryCodeCount }, () => formatRecoveryCode(randomBytes(needs, recoveryBytes)));
  const hashes = codes.map((code) => recoveryHash(subject, normaliseRecoveryCode(code) ?? ''));
  await record(needs, ownContext(needs, res), 'enrolment', { ...who, factor: 'totp', decision: 'allowed' });
  const sealed = needs.sealer.seal('totp', personKey(subject), enrolSecret);
  await needs.factors.enrolTotp(subject.issuer, subject.sub, sealed, step, at, hashes);
  // Signed out at the provider meanwhile: the factor stands, and its recovery codes, which nobody has seen, are worth nothing.
  if (!(await completeSignIn(needs, req, res, pending, { method: 'totp', at }))) return;
  sendPage(res, recoveryCodesPage({ clinic: needs.settings.clinic, codes, next: returnTo(needs, res) }));
}

/** Whoever has only the password must not be able to set up a factor from anywhere. */
async function refusedFromHere(needs: SignInNeeds, res: Response, { subject }: PendingSignIn): Promise<boolean> {
  const context = ownContext(needs, res);
  const { enrolFrom } = needs.settings.secondFactor;
  if (enrolFrom === null || context.zones.includes(enrolFrom)) return false;
  const detail = `A second factor can be set up from zone "${enrolFrom}" only, and you are not in it`;
  const refused = { decision: 'refused', reason: 'enrolment-not-permitted', detail } as const;
  await record(needs, context, 'sign-in-failed', { subject: recordedSubject(subject), ...refused });
  sendRefusal(needs, res, 'enrolment-not-permitted', { detail });
  return true;
}

function pageFor(needs: SignInNeeds, res: Response, { subject }: PendingSignIn, secret: string, problem: string | null): string {
  const { clinic } = needs.settings;
  const uri = generateURI({ issuer: clinic.name, label: subject.name, secret });
  const action = withReturn(path, returnTo(needs, res));
  return enrolPage({ clinic, action, problem, account: subject.name, secret, uri, qrCode: renderSVG(uri, { border: 2 }) });
}

/** The first bytes of a 256-bit id are as random as any. */
function randomBytes(needs: SignInNeeds, count: number): Uint8Array {
  return Buffer.from(needs.randomness.id(), 'base64url').subarray(0, count);
}
