// GET and POST /.wardgate/credential: asks a person once for their own EHR name and password, and seals it. Never shows
// one again, and never records one.

import type { Request } from 'express';
import type { ApplicationSettings } from '../config/settings.ts';
import { credentialPage } from '../pages/account-pages.ts';
import { fieldOf, returnTo } from './factor-route.ts';
import type { OwnContext } from './own-context.ts';
import { record, recordedSession } from './record.ts';
import { sendOn, sendPage, sendRefusal } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const longestName = 200;
const longestPassword = 500;

export function showCredential(needs: SignInNeeds) {
  return sessionPage(needs, ({ res, context }) => {
    const application = askedApplication(needs, context);
    if (application === null) sendRefusal(needs, res, 'page-not-found', notAsked);
    else sendPage(res, page(needs, context, application, null, returnTo(needs, res)));
  });
}

export function postCredential(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const application = askedApplication(needs, context);
    if (application === null) {
      sendRefusal(needs, res, 'page-not-found', notAsked);
      return;
    }
    const credential = readCredential(req);
    if (typeof credential === 'string') {
      sendPage(res, page(needs, context, application, credential, returnTo(needs, res)), 400);
      return;
    }
    const { issuer, sub } = session.subject;
    const stored = { ...recordedSession(session), decision: 'allowed', detail: `for application "${application.name}"` } as const;
    await record(needs, context, 'credential-stored', stored);
    await needs.vault.put(issuer, sub, application.name, credential);
    sendOn(res, returnTo(needs, res));
  });
}

const notAsked = { detail: 'No application of that name asks for a password of your own' };

/** The application named in the address, or the one whose address this is; null when it asks for no password. */
function askedApplication(needs: SignInNeeds, context: OwnContext): ApplicationSettings | null {
  const named = new URLSearchParams(context.target.query ?? '').get('application') ?? context.application;
  const application = needs.settings.applications.get(named);
  return application?.signOn.by === 'basic-own-password' ? application : null;
}

function readCredential(req: Request): { readonly username: string; readonly password: string } | string {
  const username = fieldOf(req, 'username') ?? '';
  const password = fieldOf(req, 'password') ?? '';
  if (username === '' || password === '') return 'Type both the name and the password.';
  if (username.length > longestName || password.length > longestPassword) return 'The name or the password is too long.';
  // RFC 7617: the user id of Basic ends at the first colon, so a colon in the name would move the border.
  if (username.includes(':') || /\p{Cc}/u.test(username + password))
    return 'The name must not hold a colon, and neither may hold control characters.';
  return { username, password };
}

function page(
  needs: SignInNeeds,
  context: OwnContext,
  application: ApplicationSettings,
  problem: string | null,
  back: string,
): string {
  const query = new URLSearchParams({ application: application.name, ...(back === '/' ? {} : { return: back }) });
  const action = `${context.target.path}?${query.toString()}`;
  return credentialPage({ clinic: needs.settings.clinic, application: application.name, action, problem });
}
