// GET and POST /.wardgate/sign-out: ends the session here and then at the provider (OpenID Connect RP-Initiated Logout).
// Only the POST does it, because a link or an image must not sign anybody out. Somebody on the way in may leave as well: on
// a shared computer the provider remembers whoever was here before.

import type { Request, Response } from 'express';
import { setCookie } from '../core/session/cookies.ts';
import { messagePage, signOutPage } from '../pages/account-pages.ts';
import { wordsIn } from '../pages/words-in.ts';
import { afterSignOut, signedOutPath } from './after-sign-out.ts';
import { endInteraction, pendingSignIn } from './interaction.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { cookieSession } from './read-browser.ts';
import { record, recordedSession, recordedSubject } from './record.ts';
import { sendOn, sendPage } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export function showSignOut(needs: SignInNeeds) {
  return async (_req: Request, res: Response): Promise<void> => {
    const { application } = ownContext(needs, res);
    const elsewhere = await needs.provider.endSessionUrl(application, null, signedOutPath);
    // The form's answer leads to the provider, and browsers hold redirects of a form to `form-action` as well.
    const origins = [new URL(elsewhere ?? needs.settings.signIn.issuer).origin];
    sendPage(res, signOutPage({ clinic: pageClinic(needs, res), action: '/.wardgate/sign-out' }), 200, origins);
  };
}

export function postSignOut(needs: SignInNeeds) {
  return async (req: Request, res: Response): Promise<void> => {
    const context = ownContext(needs, res);
    const session = await cookieSession(needs, req, context);
    for (const cookie of ['session', 'interaction'] as const)
      res.append('Set-Cookie', setCookie(cookie, '', context.settings.secure, 0));
    // The EHR's own cookies stay, and open nothing: they are not forwarded for anybody who signs in after this.
    if (context.settings.secure) res.setHeader('Clear-Site-Data', '"cache", "storage"');
    const leaving = session ?? pendingSignIn(needs, req, res);
    if (leaving === null) {
      // Whoever got no session here may still have one at the provider, which asks before it ends it without a token's hint.
      sendOn(res, (await needs.provider.endSessionUrl(context.application, null, signedOutPath)) ?? signedOutPath);
      return;
    }
    // Ended before it is recorded: a full disk must not keep anybody signed in.
    if (session === null) await endInteraction(needs, req, res);
    else await needs.sessions.end(session.key, 'signed-out');
    const who =
      session === null ? { subject: recordedSubject(leaving.subject), detail: 'on the way in' } : recordedSession(session);
    await record(needs, context, 'sign-out', { ...who, reason: 'signed-out' });
    sendOn(res, await afterSignOut(needs, context.application, leaving));
  };
}

export function showSignedOut(needs: SignInNeeds) {
  return (_req: Request, res: Response): void => {
    const clinic = pageClinic(needs, res);
    const words = wordsIn(clinic.language).signOut;
    const next = { href: '/', label: words.again };
    sendPage(res, messagePage({ clinic, title: words.doneTitle, text: words.doneText, next }));
  };
}
