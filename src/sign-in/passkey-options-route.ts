// POST /.wardgate/…/options: what the browser is asked to do with a passkey, as JSON, with a challenge for that one purpose
// of that one browser. Gives nothing away that the page beside it does not.

import type { Request, Response } from 'express';
import { heldSession } from './activity-route.ts';
import type { Challenges } from './challenges.ts';
import { mayEnrol } from './enrol-permit.ts';
import { enrolledFactors } from './enrolled-factors.ts';
import { pendingSignIn } from './interaction.ts';
import { ownContext } from './own-context.ts';
import { addOptions, askOptions } from './passkey-ceremony.ts';
import { ownerOf } from './passkey-owner.ts';
import { sendRefusal } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** For somebody on the way in: their passkeys, or the first one of somebody who has no factor. */
export function pendingOptions(needs: SignInNeeds, challenges: Challenges, purpose: 'sign-in' | 'enrol') {
  return async (req: Request, res: Response): Promise<void> => {
    const context = ownContext(needs, res);
    const pending = pendingSignIn(needs, req, res);
    if (pending === null) return sendRefusal(needs, res, 'sign-in-required');
    const { subject } = pending;
    const { any } = await enrolledFactors(needs, subject);
    if (any !== (purpose === 'sign-in') || (purpose === 'enrol' && pending.emergency !== undefined))
      return sendRefusal(needs, res, 'page-not-found');
    if (purpose === 'enrol' && !mayEnrol(needs, context, pending)) return sendRefusal(needs, res, 'enrolment-not-permitted');
    const ceremony = { challenges, owner: ownerOf(purpose, req.sessionID), subject, context };
    res.json(purpose === 'enrol' ? await addOptions(needs, ceremony) : await askOptions(needs, ceremony));
  };
}

/** For a session: to confirm once more, or to add a passkey, which the form itself then judges. */
export function sessionOptions(needs: SignInNeeds, challenges: Challenges, purpose: 'step-up' | 'add') {
  return sessionPage(needs, async ({ res, session, context }) => {
    // A step-up in another tab changes the key; the reference stays.
    const place = purpose === 'step-up' ? session.reference : session.key;
    const ceremony = { challenges, owner: ownerOf(purpose, place), subject: session.subject, context };
    res.json(purpose === 'add' ? await addOptions(needs, ceremony) : await askOptions(needs, ceremony));
  });
}

export function unlockOptions(needs: SignInNeeds, challenges: Challenges) {
  return heldSession(needs, async ({ res, session, context }) => {
    const ceremony = { challenges, owner: ownerOf('unlock', session.key), subject: session.subject, context };
    res.json(await askOptions(needs, ceremony));
  });
}
