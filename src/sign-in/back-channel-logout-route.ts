// POST /.wardgate/backchannel-logout: the provider says that somebody has signed out there (OpenID Connect Back-Channel
// Logout 1.0). No browser is part of it, so it carries no cookie and no Origin: the signed token alone is believed, once.
// Never starts anything and never tells which sessions there were.

import { urlencoded } from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { Fault } from '../core/faults.ts';
import type { ProviderLogout } from '../identity-ports.ts';
import type { Session } from '../ports.ts';
import { fieldOf } from './factor-route.ts';
import { ownContext } from './own-context.ts';
import { record, recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** The whole request: other fields are allowed and left alone (section 2.5). */
export function backChannelLogout(needs: SignInNeeds): readonly (RequestHandler | ErrorRequestHandler)[] {
  const form = urlencoded({ extended: false, inflate: false, limit: 16_384, parameterLimit: 20 });
  // Express knows by the number of parameters that this one takes errors: what the parser cannot read is a 400 like any other.
  const unreadable: ErrorRequestHandler = async (cause: unknown, _req, res, next) => {
    if (isParserError(cause)) await refuse(needs, res, 'The form cannot be read');
    else next(cause);
  };
  return [form, postLogout(needs), unreadable];
}

function postLogout(needs: SignInNeeds): RequestHandler {
  return async (req: Request, res: Response) => {
    const token = fieldOf(req, 'logout_token');
    if (token === undefined) return refuse(needs, res, 'The field "logout_token" must be given once');
    const verdict = await needs.provider.verifyLogoutToken(token);
    if (!verdict.ok) return refuse(needs, res, verdict.why);
    // What could not be recorded is not begun: the provider is told so and may send it again.
    if (!needs.audit.available) throw new Fault('audit-unavailable');
    if (!(await needs.logouts.keep(verdict.logout, needs.clock.now())))
      return refuse(needs, res, 'The logout token was used before');
    try {
      await endAll(needs, res, verdict.logout);
    } catch (cause) {
      await needs.logouts.release(verdict.logout.id).catch(() => undefined);
      throw cause;
    }
    res.status(200).end();
  };
}

/** Ended first, all of them, and then recorded: a slow disk must not keep the last one alive. */
async function endAll(needs: SignInNeeds, res: Response, logout: ProviderLogout): Promise<void> {
  const ended: Session[] = [];
  for (const session of await sessionsOf(needs, logout)) {
    if (await needs.sessions.end(session.key, 'provider-logout')) ended.push(session);
  }
  // Whoever is signed out everywhere is asked for everything again.
  if (logout.sub !== null && logout.providerSession === null)
    await needs.remembered.forgetPerson(needs.settings.signIn.issuer, logout.sub);
  const context = ownContext(needs, res);
  for (const session of ended) {
    await record(needs, context, 'session-ended', { ...recordedSession(session), reason: 'provider-logout' });
  }
}

/** The sessions behind the provider's one; of a person who is named, also those that never learnt which one is theirs. */
async function sessionsOf(
  { sessions, settings }: SignInNeeds,
  { sub, providerSession }: ProviderLogout,
): Promise<readonly Session[]> {
  const { issuer } = settings.signIn;
  const ofPerson = sub === null ? [] : await sessions.ofSubject(issuer, sub);
  if (providerSession === null) return ofPerson;
  const behind = await sessions.ofProviderSession(issuer, providerSession);
  return [
    ...behind.filter((one) => sub === null || one.subject.sub === sub),
    ...ofPerson.filter((one) => one.providerSession === null),
  ];
}

/** Section 2.8: 400 with an error in JSON. Nobody is known, so the record counts against the address's budget. */
async function refuse(needs: SignInNeeds, res: Response, why: string): Promise<void> {
  const context = ownContext(needs, res);
  if (needs.mayRecordAnonymous(context.address)) {
    await record(needs, context, 'refusal', {
      decision: 'refused',
      reason: 'logout-token-refused',
      status: 400,
      method: 'POST',
      target: context.target.path,
      detail: why,
    });
  }
  res.status(400).json({ error: 'invalid_request', error_description: why });
}

/** The body parser names what it found by a status of 4xx. */
function isParserError(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'type' in cause && 'status' in cause && Number(cause.status) < 500;
}
