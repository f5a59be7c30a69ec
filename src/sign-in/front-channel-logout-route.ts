// GET /.wardgate/frontchannel-logout: the provider's sign-out page opens this in a frame (OpenID Connect Front-Channel Logout
// 1.0). Our cookie is SameSite=Lax and does not come along from another site, so the provider's session id in the address says
// what ends; it is a secret of the provider, this browser and us. Always the same answer: never tells which sessions there were.

import type { Request, RequestHandler, Response } from 'express';
import type { Session } from '../ports.ts';
import { CallsPerMinute } from './calls-per-minute.ts';
import type { OwnContext } from './own-context.ts';
import { ownContext } from './own-context.ts';
import { cookieSession, headerValues } from './read-browser.ts';
import { record, recordedSession } from './record.ts';
import { sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** A whole clinic that leaves at one moment may stand behind one address; whoever guesses ids does not get far with it. */
const callsPerMinute = 120;
/** Characters; providers use 36. */
const longestId = 255;

type Asked = { readonly by: 'id'; readonly providerSession: string } | { readonly by: 'cookie' } | { readonly by: 'nothing' };

export function frontChannelLogout(needs: SignInNeeds): RequestHandler {
  const calls = new CallsPerMinute(needs.clock, callsPerMinute);
  return async (req, res) => {
    const context = ownContext(needs, res);
    const wait = calls.take(context.address);
    if (wait > 0) return refuse(needs, res, context, wait);
    // Ended first, all of them, and then recorded: a full disk must not keep anybody signed in.
    const ended: Session[] = [];
    for (const session of await sessionsAsked(needs, req, context))
      if (await needs.sessions.end(session.key, 'provider-logout')) ended.push(session);
    const why = { reason: 'provider-logout', detail: 'by the front channel' };
    for (const session of ended) await record(needs, context, 'session-ended', { ...recordedSession(session), ...why });
    sendEmpty(needs, res);
  };
}

async function sessionsAsked(needs: SignInNeeds, req: Request, context: OwnContext): Promise<readonly Session[]> {
  const { issuer } = needs.settings.signIn;
  const asked = read(new URLSearchParams(context.target.query ?? ''), issuer);
  if (asked.by === 'id') return needs.sessions.ofProviderSession(issuer, asked.providerSession);
  if (asked.by === 'nothing' || !mayEndByCookie(req)) return [];
  const session = await cookieSession(needs, req, context);
  return session === null ? [] : [session];
}

/** Entra ID names the session without the issuer. There is one issuer here, so that it can be no other's. */
function read(query: URLSearchParams, issuer: string): Asked {
  const [issuers, ids] = [query.getAll('iss'), query.getAll('sid')];
  if (issuers.length === 0 && ids.length === 0) return { by: 'cookie' };
  const [id = ''] = ids;
  const isOne = issuers.length <= 1 && ids.length === 1 && id !== '' && id.length <= longestId;
  return isOne && (issuers[0] ?? issuer) === issuer ? { by: 'id', providerSession: id } : { by: 'nothing' };
}

/** Only in a frame of this site: a link, an image or another site signs nobody out. */
function mayEndByCookie(req: Request): boolean {
  const site = headerValues(req, 'sec-fetch-site').join();
  return headerValues(req, 'sec-fetch-dest').join() === 'iframe' && (site === 'same-site' || site === 'same-origin');
}

/** An empty document that the provider alone may frame. The cookie stays: what it named has ended. */
function sendEmpty({ settings }: SignInNeeds, res: Response): void {
  // The older header knows no other origin than our own; browsers that read the policy leave it alone.
  res.removeHeader('X-Frame-Options');
  const ancestors = new URL(settings.signIn.issuer).origin;
  res.setHeader(
    'Content-Security-Policy',
    `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors ${ancestors}`,
  );
  res.status(200).type('html').send('<!doctype html><title>Signed out</title>');
}

/** Nobody is known, so the record counts against the address's budget. */
async function refuse(needs: SignInNeeds, res: Response, context: OwnContext, retryAfterSeconds: number): Promise<void> {
  if (needs.mayRecordAnonymous(context.address)) {
    const { path } = context.target;
    const fields = { decision: 'refused', reason: 'too-many-attempts', status: 429, method: 'GET', target: path } as const;
    await record(needs, context, 'refusal', fields);
  }
  sendRefusal(needs, res, 'too-many-attempts', { retryAfterSeconds });
}
