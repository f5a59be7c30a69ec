// GET and POST /.wardgate/credential: asks a person for their own EHR name and password, has them tried at the EHR, and
// seals them there and then; takes them away on request. Never shows one again, and never records one.

import type { Request, Response } from 'express';
import type { ApplicationSettings } from '../config/settings.ts';
import { isOwnCookie } from '../core/session/ehr-cookies.ts';
import { unreachable } from '../core/unreachable.ts';
import type { EhrCredential } from '../ehr-ports.ts';
import { messagePage } from '../pages/account-pages.ts';
import { credentialPage } from '../pages/credential-page.ts';
import type { CredentialNotice } from '../pages/credential-page.ts';
import { fillText } from '../pages/fill-text.ts';
import { framePage } from '../pages/frame-page.ts';
import { minutesIn } from '../pages/in-language.ts';
import type { Words } from '../pages/languages/en.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { Session } from '../ports.ts';
import { fieldOf, returnTo } from './factor-route.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { readCredential } from './read-credential.ts';
import { headerValues } from './read-browser.ts';
import { record, recordedSession } from './record.ts';
import { returnPath } from './return-path.ts';
import { sendOn, sendPage, sendRefusal } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { toldByEhr } from '../core/ehr/told-by-ehr.ts';
import type { Tried, TryCredential } from './try-credential.ts';

/** What both ways of asking for this page have in common. */
interface At {
  readonly req: Request;
  readonly res: Response;
  readonly session: Session;
  readonly context: OwnContext;
  readonly application: ApplicationSettings;
  /** What is asked beyond name and password. */
  readonly more: readonly string[];
}

export function showCredential(needs: SignInNeeds) {
  return askedPage(needs, (at) => sendForm(needs, at, 200, null));
}

export function postCredential(needs: SignInNeeds, tryOut: TryCredential) {
  return askedPage(needs, async (at) => {
    const { req, session, context, application, more } = at;
    if (fieldOf(req, 'remove') === '1') {
      await remove(needs, at);
      return;
    }
    const read = readCredential(req, more, sendsBasic(application), wordsFor(needs, at.res));
    if (typeof read === 'string') await sendForm(needs, at, 400, { says: 'problem', text: read });
    else await answer(needs, at, read, await tryOut({ session, application: application.name, credential: read, context }));
  });
}

/** Whether name and password go to the EHR as Basic, where a colon stands between the two (RFC 7617). */
function sendsBasic({ signOn }: ApplicationSettings): boolean {
  return signOn.by === 'basic-own-password' || (signOn.by === 'recipe' && signOn.recipe.steps.some(({ basic }) => basic));
}

/** The page as long as this application asks people for a password of their own. */
function askedPage(needs: SignInNeeds, page: (at: At) => Promise<void>) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const { settings: application } = context;
    // A session belongs to one application's address, and so does what a try at its EHR opens.
    const named = new URLSearchParams(context.target.query ?? '').get('application') ?? application.name;
    const asks = named === application.name ? needs.ehrTrial.asks(application.name) : null;
    if (asks === null) {
      sendRefusal(needs, res, 'page-not-found', { says: wordsFor(needs, res).asksNothing });
      return;
    }
    const more = asks.filter((name) => name !== 'username' && name !== 'password');
    await page({ req, res, session, context, application, more });
  });
}

async function remove(needs: SignInNeeds, { res, session, context, application }: At): Promise<void> {
  const detail = `for application "${application.name}"`;
  await record(needs, context, 'credential-removed', { ...recordedSession(session), decision: 'allowed', detail });
  await needs.vault.remove(session.subject, application.name);
  const words = wordsFor(needs, res);
  const next = { href: '/', label: words.start };
  sendPage(res, messagePage({ clinic: pageClinic(needs, res), title: words.removedTitle, text: words.removed, next }));
}

async function answer(needs: SignInNeeds, at: At, credential: EhrCredential, tried: Tried): Promise<void> {
  switch (tried.trial) {
    case 'signed-on':
      return goOn(needs, at, tried.location, tried.cookies);
    case 'refused':
      return sendForm(needs, at, 403, {
        says: 'refused',
        colon: sendsBasic(at.application) && credential.password.includes(':'),
      });
    case 'password-change':
      return sendForm(needs, at, 403, { says: 'password-change', page: ownPath(at, tried.page) });
    case 'unrecognised':
      return sendForm(needs, at, 502, {
        says: 'unrecognised',
        told: toldByEhr(tried.told, [credential.password, ...Object.values(credential.more)]),
      });
    case 'paused':
      return sendWait(needs, at, 'ehr-sign-on-paused', 'nothingTried', tried.retryAfterSeconds);
    case 'blocked':
      return sendWait(needs, at, 'too-many-attempts', 'nothingStored', tried.retryAfterSeconds);
    default:
      return unreachable(tried);
  }
}

function sendWait(
  needs: SignInNeeds,
  { res, context, application }: At,
  reason: 'ehr-sign-on-paused' | 'too-many-attempts',
  what: 'nothingTried' | 'nothingStored',
  retryAfterSeconds: number,
): void {
  const { language } = pageClinic(needs, res);
  const words = wordsFor(needs, res);
  const says = fillText(words[what], { time: minutesIn(language, retryAfterSeconds) });
  const remedy = { href: actionOf(context, application, returnTo(needs, res)), label: words.tryAgain };
  sendRefusal(needs, res, reason, { says, retryAfterSeconds, remedy });
}

/** To where the EHR begins after a sign-on, which takes the whole window, or to where the person wanted to go. */
function goOn(needs: SignInNeeds, at: At, location: string | null, cookies: readonly string[]): void {
  const { req, res } = at;
  for (const cookie of cookies) if (!isOwnCookie(cookie.replace(/=.*$/s, ''))) res.append('Set-Cookie', cookie);
  const [destination] = headerValues(req, 'sec-fetch-dest');
  const inFrame = destination === 'frame' || destination === 'iframe';
  const href = location === null ? returnTo(needs, res) : ownPath(at, location);
  if (inFrame && (location !== null || href === '/')) {
    sendPage(res, framePage({ href, clinic: pageClinic(needs, res), why: 'signed-on' }));
  } else sendOn(res, href);
}

/** The EHR names its pages; whatever is no canonical path of this origin leads to its start. */
function ownPath({ application }: At, path: string): string {
  return returnPath(path, application.targetProfile);
}

async function sendForm(needs: SignInNeeds, at: At, status: number, notice: CredentialNotice | null): Promise<void> {
  const { req, res, session, context, application, more } = at;
  const entry = await needs.vault.get(session.subject, application.name);
  const stored = entry === null ? 'nothing' : entry.refused ? 'refused' : 'accepted';
  const page = credentialPage({
    clinic: pageClinic(needs, res),
    application: application.name,
    action: actionOf(context, application, returnTo(needs, res)),
    more,
    stored,
    username: (fieldOf(req, 'username') ?? '').slice(0, 200),
    notice,
  });
  sendPage(res, page, status);
}

function wordsFor(needs: SignInNeeds, res: Response): Words['credential'] {
  return wordsIn(pageClinic(needs, res).language).credential;
}

function actionOf({ target }: OwnContext, { name }: ApplicationSettings, back: string): string {
  const query = new URLSearchParams({ application: name, ...(back === '/' ? {} : { return: back }) });
  return `${target.path}?${query.toString()}`;
}
