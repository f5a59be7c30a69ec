// What the browser brought: our cookies, each believed only when there is exactly one of it.

import type { Request } from 'express';
import { cookieName, isOwnId, readCookie } from '../core/session/cookies.ts';
import type { OwnCookie } from '../core/session/cookies.ts';
import { judgeStanding } from '../core/session/judge-standing.ts';
import type { SessionStanding } from '../core/session/judge-standing.ts';
import { belongsAt } from '../core/session/belongs-at.ts';
import { limitsFor } from '../core/session/limits-for.ts';
import { Fault } from '../core/faults.ts';
import { headersOf } from '../core/raw-headers.ts';
import type { Session } from '../ports.ts';
import type { OwnContext } from './own-context.ts';
import { sessionKey } from './session-key.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

type Needs = Pick<SignInNeeds, 'sessions' | 'settings' | 'clock'>;

/** All values of a header, in order; Node's joined map hides repeats. */
export function headerValues(req: Request, name: string): readonly string[] {
  return headersOf(req.rawHeaders, name);
}

/** The id in one of our cookies, or null when there is none, more than one, or something that is no id. */
export function cookieId(req: Request, cookie: OwnCookie, secure: boolean): string | null {
  const reading = readCookie(headerValues(req, 'cookie'), cookieName(cookie, secure));
  return reading.kind === 'one' && isOwnId(reading.value) ? reading.value : null;
}

/** The session the cookie names, active or not; none that was opened at another application's address. Rejects with a Fault while sessions cannot be looked up. */
export async function cookieSession(needs: Needs, req: Request, context: OwnContext): Promise<Session | null> {
  const id = cookieId(req, 'session', context.settings.secure);
  if (id === null) return null;
  const lookup = await needs.sessions.find(sessionKey(id));
  if (lookup.found === 'unavailable') throw new Fault('session-store-unavailable', { cause: lookup.cause });
  if (lookup.found === 'no') return null;
  return belongsAt(lookup.value, context.application, needs.settings.applications.size === 1) ? lookup.value : null;
}

/** The session when it may still be used, otherwise null. */
export async function activeSession(needs: Needs, req: Request, context: OwnContext): Promise<Session | null> {
  const session = context.session ?? (await cookieSession(needs, req, context));
  if (session === null) return null;
  return standingOf(needs, session, context).standing === 'active' ? session : null;
}

/** The session when it is locked, otherwise null. Locks it where nobody has looked since its time was up. */
export async function lockedSession(needs: Needs, req: Request, context: OwnContext): Promise<Session | null> {
  const session = context.session ?? (await cookieSession(needs, req, context));
  if (session === null) return null;
  const judged = standingOf(needs, session, context);
  if (judged.standing !== 'locked') return null;
  if (session.lockedAt === null) await needs.sessions.lock(session.key, judged.since);
  return { ...session, lockedAt: judged.since };
}

/** How a session stands here and now. */
export function standingOf(
  { settings, clock }: Omit<Needs, 'sessions'>,
  session: Session,
  { zones }: OwnContext,
): SessionStanding {
  return judgeStanding(session, limitsFor(settings.lock, session, zones), clock.now());
}
