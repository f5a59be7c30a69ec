// Who is asking, by the three ways on to this EHR: its own login form, HTTP Basic, or a header that a proxy sets.
// It believes the header from anybody, as such applications do; that the gateway strips it is the gateway's merit.

import type { IncomingMessage } from 'node:http';
import { unreachable } from '../../core/unreachable.ts';
import { sessionCookie, sessionIdOf } from './sessions.ts';
import type { EhrSession, EhrSessions, OpenSession } from './sessions.ts';
import { checkPassword, findUser } from './users.ts';
import type { EhrUser } from './users.ts';

export type SignOnWay = 'form' | 'basic' | 'header' | 'any';

/** A session, with the cookie to set where it is new; or what the EHR answers instead of the page. */
export type SignOnResult =
  | { readonly signedOn: true; readonly session: OpenSession; readonly setCookie: string | null }
  | { readonly signedOn: false; readonly ask: 'form' | 'basic' | 'header' };

interface SignOnOptions {
  readonly way: SignOnWay;
  readonly headerName: string;
}

/** Decides by the request's headers alone. */
export function signOn(request: IncomingMessage, sessions: EhrSessions, options: SignOnOptions): SignOnResult {
  const current = sessions.find(sessionIdOf(request.headers.cookie));
  switch (options.way) {
    case 'form':
      return byForm(current);
    case 'basic':
      return byName(basicUser(request), current, sessions, 'basic');
    case 'header':
      return byName(headerUser(request, options.headerName), current, sessions, 'header');
    case 'any': {
      const user = headerUser(request, options.headerName) ?? basicUser(request);
      return user === null ? byForm(current) : byName(user, current, sessions, 'form');
    }
    default:
      return unreachable(options.way);
  }
}

function byForm(current: EhrSession | null): SignOnResult {
  return isOpen(current) ? { signedOn: true, session: current, setCookie: null } : { signedOn: false, ask: 'form' };
}

/** The name decides on every request; a session that belongs to somebody else is left alone and a new one is opened. */
function byName(
  user: EhrUser | null,
  current: EhrSession | null,
  sessions: EhrSessions,
  ask: 'form' | 'basic' | 'header',
): SignOnResult {
  if (user === null) return { signedOn: false, ask };
  if (isOpen(current) && current.user.name === user.name) return { signedOn: true, session: current, setCookie: null };
  const session = sessions.open(user);
  return { signedOn: true, session, setCookie: sessionCookie(session.id) };
}

function isOpen(session: EhrSession | null): session is OpenSession {
  return session !== null && session.user !== null;
}

function headerUser(request: IncomingMessage, headerName: string): EhrUser | null {
  const value = request.headers[headerName.toLowerCase()];
  return typeof value === 'string' ? findUser(value) : null;
}

function basicUser(request: IncomingMessage): EhrUser | null {
  const [scheme, encoded] = (request.headers.authorization ?? '').split(' ', 2);
  if (scheme?.toLowerCase() !== 'basic' || encoded === undefined) return null;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : checkPassword(pair.slice(0, colon), pair.slice(colon + 1));
}
