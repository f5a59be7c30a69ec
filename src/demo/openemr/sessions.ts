// PHP's sessions as OpenEMR uses them. The chosen patient lies in the session, so two tabs of one login share one patient,
// and the requests of one session wait for each other. Kept in memory; a restart forgets them.

import { randomBytes } from 'node:crypto';
import type { OpenEmrUser } from './accounts.ts';

export const SESSION_COOKIE = 'OpenEMR';

/** Oldest sessions beyond this number are dropped. */
const MAX_SESSIONS = 5000;

/** What one session holds. Empty until somebody opens the login page (`siteId`) or logs in (`user`). */
export interface PhpSession {
  id: string;
  siteId: string | null;
  user: OpenEmrUser | null;
  /** The chosen patient; 0 is nobody. */
  pid: number;
  /** What `main.php` wants to be shown once; null after that. */
  tokenMain: string | null;
  /** Epoch milliseconds of the last request that counts as activity. */
  lastUpdate: number;
}

export class PhpSessions {
  readonly #sessions = new Map<string, PhpSession>();
  readonly #turns = new Map<string, Promise<unknown>>();

  /** An empty session, under the given id where there is one. */
  open(id = newId()): PhpSession {
    const session = { id, siteId: null, user: null, pid: 0, tokenMain: null, lastUpdate: 0 };
    this.#sessions.set(id, session);
    const oldest = this.#sessions.keys().next();
    if (this.#sessions.size > MAX_SESSIONS && !oldest.done) this.#sessions.delete(oldest.value);
    return session;
  }

  find(id: string | null): PhpSession | null {
    return id === null ? null : (this.#sessions.get(id) ?? null);
  }

  /** `session_regenerate_id(true)`: the same session under a new id; the old id is gone. */
  rotate(session: PhpSession): void {
    this.#sessions.delete(session.id);
    session.id = newId();
    this.#sessions.set(session.id, session);
  }

  end(session: PhpSession): void {
    this.#sessions.delete(session.id);
  }

  endAll(): void {
    this.#sessions.clear();
  }

  /** As if nobody had touched anything since 1970. */
  expireAll(): void {
    for (const session of this.#sessions.values()) session.lastUpdate = 0;
  }

  all(): readonly PhpSession[] {
    return [...this.#sessions.values()];
  }

  /**
   * PHP locks the session file while a script runs: requests of one session are served one after the other. Version 7
   * gives the lock back early on pages that only read; here every page keeps it, which is the worst a gateway can meet.
   */
  async inTurn(id: string, work: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(id) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(id, turn);
    try {
      await turn;
    } finally {
      if (this.#turns.get(id) === turn) this.#turns.delete(id);
    }
  }
}

/** The session id in a Cookie header, or null; of several of the name PHP takes the first. */
export function sessionIdOf(cookieHeader: string | undefined): string | null {
  for (const pair of (cookieHeader ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE && value !== undefined && /^[a-zA-Z0-9,-]{1,128}$/.test(value)) return value;
  }
  return null;
}

function newId(): string {
  return randomBytes(13).toString('hex');
}
