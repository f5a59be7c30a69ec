// Tomcat's sessions as OpenMRS uses them: every request outside the static pages gets one, logged in or not.

import { randomBytes } from 'node:crypto';
import type { OpenMrsUser } from './accounts.ts';

/** Oldest sessions beyond this number are dropped. */
const MAX_SESSIONS = 5000;

export interface HttpSession {
  id: string;
  user: OpenMrsUser | null;
  /** UUID of the place the person works at today. */
  location: string | null;
  /** What CSRFGuard wants with posts outside `/ws`. */
  readonly csrfToken: string;
  /** Epoch milliseconds. */
  lastSeenAt: number;
}

export class HttpSessions {
  readonly #sessions = new Map<string, HttpSession>();
  readonly #timeoutMilliseconds: number;
  readonly #now: () => number;

  constructor(timeoutSeconds: number, now: () => number) {
    this.#timeoutMilliseconds = timeoutSeconds * 1000;
    this.#now = now;
  }

  open(): HttpSession {
    const session = { id: newId(), user: null, location: null, csrfToken: newId(), lastSeenAt: this.#now() };
    this.#sessions.set(session.id, session);
    const oldest = this.#sessions.keys().next();
    if (this.#sessions.size > MAX_SESSIONS && !oldest.done) this.#sessions.delete(oldest.value);
    return session;
  }

  /** The live session with this id, which then counts as just used; or null. */
  find(id: string | null): HttpSession | null {
    const session = id === null ? undefined : this.#sessions.get(id);
    if (session === undefined) return null;
    if (this.#now() - session.lastSeenAt > this.#timeoutMilliseconds) {
      this.#sessions.delete(session.id);
      return null;
    }
    session.lastSeenAt = this.#now();
    return session;
  }

  /** The same session under a new id, as after a login. */
  rotate(session: HttpSession): void {
    this.#sessions.delete(session.id);
    session.id = newId();
    this.#sessions.set(session.id, session);
  }

  end(session: HttpSession): void {
    this.#sessions.delete(session.id);
  }

  endAll(): void {
    this.#sessions.clear();
  }

  all(): readonly HttpSession[] {
    return [...this.#sessions.values()];
  }
}

/** A value for Set-Cookie. */
export function jsessionCookie(id: string): string {
  return `JSESSIONID=${id}; Path=/openmrs; HttpOnly`;
}

/** The session id in a Cookie header, or null. */
export function jsessionOf(cookieHeader: string | undefined): string | null {
  for (const pair of (cookieHeader ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === 'JSESSIONID' && value !== undefined && value !== '') return value;
  }
  return null;
}

function newId(): string {
  return randomBytes(16).toString('hex').toUpperCase();
}
