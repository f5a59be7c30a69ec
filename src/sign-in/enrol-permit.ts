// Who may set up a first factor here and now: whoever is in the zone for it, or has the code that IT gave them. Whoever has
// only the password, phished perhaps, is asked for that code and gets no further.

import type { Request, Response } from 'express';
import { addressShare } from '../core/network/address-share.ts';
import { enrolCodePage } from '../pages/enrol-code-page.ts';
import { mayEnrolFrom } from './enrol-zone.ts';
import { fieldOf, returnTo } from './factor-route.ts';
import { setPending } from './interaction.ts';
import type { PendingSignIn } from './interaction.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import { ownContext } from './own-context.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { personKey } from './person-key.ts';
import { record, recordedSubject } from './record.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/enrol';

export function mayEnrol(needs: SignInNeeds, context: OwnContext, { mayEnrolByCode }: PendingSignIn): boolean {
  return mayEnrolByCode === true || mayEnrolFrom(needs, context);
}

/** True where they may; otherwise the page that asks for IT's code has been sent, and that it came to this is on record. */
export async function permittedOrAsked(needs: SignInNeeds, res: Response, pending: PendingSignIn): Promise<boolean> {
  const context = ownContext(needs, res);
  if (mayEnrol(needs, context, pending)) return true;
  await recordRefusal(needs, context, pending, 'enrolment-not-permitted', 'enrolment from outside the zone for it');
  ask(needs, res, 'none', 403);
  return false;
}

/** Takes the code that was typed, once. Has answered when it resolves. */
export async function takeEnrolCode(
  needs: SignInNeeds,
  turns: OneAtATime,
  req: Request,
  res: Response,
  pending: PendingSignIn,
): Promise<void> {
  await turns.run(personKey(pending.subject), async () => judge(needs, req, res, pending));
  if (!res.headersSent) ask(needs, res, 'blocked', 429);
}

async function judge(needs: SignInNeeds, req: Request, res: Response, pending: PendingSignIn): Promise<void> {
  const context = ownContext(needs, res);
  const { issuer, name } = pending.subject;
  // Of the person, so that nobody is guessed for; and of the address, so that nobody guesses for many.
  const keys = [`enrol-code ${personKey(pending.subject)}`, `enrol-code ${addressShare(context.address)}`];
  const blocked = await Promise.all(keys.map(async (key) => needs.attempts.blockedFor(key)));
  if (Math.max(...blocked) > 0) {
    // The code is not even looked at: a right one must not be told from a wrong one.
    await recordRefusal(needs, context, pending, 'second-factor-blocked', "IT's code");
    ask(needs, res, 'blocked', 429);
    return;
  }
  const typed = fieldOf(req, 'enrol-code') ?? '';
  if (!(await needs.enrolCodes.redeem(issuer, name, typed, needs.clock.now()))) {
    for (const key of keys) await needs.attempts.fail(key);
    await recordRefusal(needs, context, pending, 'enrolment-not-permitted', "IT's code was wrong, used or too old");
    ask(needs, res, 'wrong', 403);
    return;
  }
  for (const key of keys) await needs.attempts.clear(key);
  await record(needs, context, 'enrol-code-used', { subject: recordedSubject(pending.subject), decision: 'allowed' });
  // More is permitted from here on, so the browser goes on under a new id.
  await setPending(req, { ...pending, mayEnrolByCode: true });
  sendOn(res, withReturn(path, returnTo(needs, res)));
}

function ask(needs: SignInNeeds, res: Response, problem: 'none' | 'wrong' | 'blocked', status: number): void {
  const clinic = pageClinic(needs, res);
  const action = withReturn(path, returnTo(needs, res));
  const { requestId } = ownContext(needs, res);
  sendPage(res, enrolCodePage({ clinic, action, problem, requestId }), status);
}

async function recordRefusal(
  needs: SignInNeeds,
  context: OwnContext,
  { subject }: PendingSignIn,
  reason: 'enrolment-not-permitted' | 'second-factor-blocked',
  detail: string,
): Promise<void> {
  const event = reason === 'second-factor-blocked' ? 'second-factor-blocked' : 'sign-in-failed';
  await record(needs, context, event, { subject: recordedSubject(subject), decision: 'refused', reason, detail });
}
