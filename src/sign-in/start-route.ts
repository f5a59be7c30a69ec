// GET /.wardgate/sign-in: sends the browser to the provider. Keeps where it wanted to go on our side, bound to this
// browser, so that nothing of it travels and nobody can finish another's sign-in.

import type { Request, RequestHandler, Response } from 'express';
import { Fault } from '../core/faults.ts';
import { cookieName, readCookie, setCookie } from '../core/session/cookies.ts';
import { framePage } from '../pages/frame-page.ts';
import { beginSignIn } from './begin-sign-in.ts';
import type { OwnContext } from './own-context.ts';
import { ownContext } from './own-context.ts';
import { sendProviderSilent } from './provider-silent.ts';
import { pageClinic } from './page-clinic.ts';
import { activeSession, headerValues, lockedSession } from './read-browser.ts';
import { returnPath, withReturn } from './return-path.ts';
import { sendOn, sendPage } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const maximumHint = 255;

export function startRoute(needs: SignInNeeds): RequestHandler {
  return async (req, res) => {
    const context = ownContext(needs, res);
    const asked = new URLSearchParams(context.target.query ?? '');
    const returnTo = returnPath(asked.get('return'), context.settings.targetProfile);
    if (answeredNotNavigable(needs, req, res, returnTo)) return;
    // Our own looks may fail where the person's browser gets through, so they may try all the same.
    if (needs.watch.silent && asked.get('anyway') !== '1') {
      sendProviderSilent(needs, res, returnTo);
      return;
    }
    if (holdsTwo(req, context.settings.secure)) clearBoth(res, context.settings);
    // A sign-in that could not be recorded would fail at its end; better before the person has typed a password.
    if (!needs.audit.available) throw new Fault('audit-unavailable');
    // Whoever sits before a locked page must not get round it by a session that is still open at the provider.
    const locked = await lockedSession(needs, req, context);
    const unlocks = asked.get('unlock') === '1' ? locked : null;
    const silentFor = asked.get('silent') === '1' ? await activeSession(needs, req, context) : null;
    // The step-up of whoever confirms at the provider: a session that is still open there proves nothing fresh.
    const isFresh = locked !== null || (asked.get('fresh') === '1' && silentFor === null);
    const hint = plainHint(unlocks?.subject.name ?? asked.get('login_hint'));
    const to = await beginSignIn(needs, req, res, { returnTo, hint, isFresh, silentFor, unlocks });
    if (to === null) sendProviderSilent(needs, res, returnTo);
    else sendOn(res, to);
  };
}

/** Two session cookies: somebody put one there, so neither is believed, and neither may be left to spoil the next session. */
function holdsTwo(req: Request, secure: boolean): boolean {
  return readCookie(headerValues(req, 'cookie'), cookieName('session', secure)).kind === 'several';
}

/** Ours, and on loopback, where names have no `__Host-`, the one that was set for the whole domain. */
function clearBoth(res: Response, { secure, origin }: OwnContext['settings']): void {
  const cleared = setCookie('session', '', secure, 0);
  res.append('Set-Cookie', cleared);
  if (!secure) res.append('Set-Cookie', `${cleared}; Domain=${new URL(origin).hostname}`);
}

/**
 * Scripts and frames start nothing: a script cannot sign in, and providers refuse to be framed. A mode without a site or a
 * destination is no script of a page but a program, which goes where it is sent.
 */
function answeredNotNavigable(needs: SignInNeeds, req: Request, res: Response, returnTo: string): boolean {
  const [mode] = headerValues(req, 'sec-fetch-mode');
  const [destination] = headerValues(req, 'sec-fetch-dest');
  const isBrowser = destination !== undefined || headerValues(req, 'sec-fetch-site').length > 0;
  if (isBrowser && mode !== undefined && mode !== 'navigate') {
    res.status(401).json({ reason: 'sign-in-required', signIn: withReturn('/.wardgate/sign-in', returnTo) });
    return true;
  }
  if (destination === 'iframe' || destination === 'frame') {
    sendPage(res, framePage({ href: withReturn('/.wardgate/sign-in', returnTo), clinic: pageClinic(needs, res) }), 401);
    return true;
  }
  return false;
}

function plainHint(hint: string | null): string | null {
  return hint !== null && hint.length <= maximumHint && /^[\x20-\x7e]+$/.test(hint) ? hint : null;
}
