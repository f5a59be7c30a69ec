// What to do with an answer of the provider that belongs to no sign-in we know: expired, used, or from another browser.
// Goes on when there is a session, starts once more when there is none, and explains when that did not help either.

import type { Request, Response } from 'express';
import { cookieName, readCookie, setCookie } from '../core/session/cookies.ts';
import { wordsIn } from '../pages/words-in.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { activeSession, headerValues } from './read-browser.ts';
import { sendOn, sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** A second stale answer within this time is a loop. */
const retrySeconds = 60;

export async function startOver(needs: SignInNeeds, req: Request, res: Response): Promise<void> {
  const context = ownContext(needs, res);
  const { secure } = context.settings;
  if ((await activeSession(needs, req, context)) !== null) {
    sendOn(res, '/');
    return;
  }
  const tried = readCookie(headerValues(req, 'cookie'), cookieName('retry', secure)).kind !== 'none';
  if (!tried) {
    res.append('Set-Cookie', setCookie('retry', '1', secure, retrySeconds));
    sendOn(res, '/.wardgate/sign-in');
    return;
  }
  const { signIn, ways } = wordsIn(pageClinic(needs, res).language);
  sendRefusal(needs, res, 'sign-in-failed', {
    says: signIn.staleAnswer,
    remedy: { href: '/.wardgate/sign-in', label: ways.signIn },
  });
}
