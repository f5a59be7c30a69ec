// The EHR's own sessions: an id in a cookie, a user, and the patient who was chosen last and is carried from page to page.
// They are kept in memory only and know nothing of the gateway's sessions.

import { randomBytes } from 'node:crypto';
import type { EhrUser } from './users.ts';

export const SESSION_COOKIE = 'MBSESSION';

/** Oldest sessions beyond this number are dropped. */
const MAX_SESSIONS = 5000;
const IDLE_MILLISECONDS = 2 * 60 * 60 * 1000;

/** `user` is null before login. `token` is the hidden field of this session's login form. */
export interface EhrSession {
  readonly id: string;
  readonly user: EhrUser | null;
  readonly token: string;
  /** The carried patient. */
  pid: number | null;
  lastSeenAt: number;
}

/** A session somebody has logged in to. */
export type OpenSession = EhrSession & { readonly user: EhrUser };

export class EhrSessions {
  readonly #sessions = new Map<string, EhrSession>();

  /** Opens a session; with null it is one that waits for its login. */
  open<U extends EhrUser | null>(user: U): EhrSession & { readonly user: U } {
    const session = { id: newId(), user, token: newId(), pid: null, lastSeenAt: Date.now() };
    this.#sessions.set(session.id, session);
    const oldest = this.#sessions.keys().next();
    if (this.#sessions.size > MAX_SESSIONS && !oldest.done) this.#sessions.delete(oldest.value);
    return session;
  }

  /** The live session with this id, which then counts as just used; or null. */
  find(id: string | null): EhrSession | null {
    const session = id === null ? undefined : this.#sessions.get(id);
    if (session === undefined) return null;
    this.#sessions.delete(session.id);
    if (Date.now() - session.lastSeenAt > IDLE_MILLISECONDS) return null;
    session.lastSeenAt = Date.now();
    this.#sessions.set(session.id, session);
    return session;
  }

  end(id: string): void {
    this.#sessions.delete(id);
  }

  endAll(): void {
    this.#sessions.clear();
  }
}

/** A value for Set-Cookie: no HttpOnly and no SameSite, as applications of that age send it. */
export function sessionCookie(id: string): string {
  return `${SESSION_COOKIE}=${id}; path=/`;
}

/** A Set-Cookie that looks like a session and is none: the login sends it before the one that counts. */
export function decoyCookie(): string {
  return sessionCookie(newId());
}

/** The session id in a request's Cookie header, or null. */
export function sessionIdOf(cookieHeader: string | undefined): string | null {
  for (const pair of (cookieHeader ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE && value !== undefined && value !== '') return value;
  }
  return null;
}

function newId(): string {
  return randomBytes(13).toString('hex');
}
