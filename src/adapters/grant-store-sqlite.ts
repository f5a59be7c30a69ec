// Emergency grants: on disk before they count, in memory for the hot path. A grant is never prolonged; a second one is
// a second record.

import { z } from 'zod';
import type { GrantEnds } from '../ending-ports.ts';
import type { Clock, Grant, GrantStore } from '../ports.ts';
import type { StateDb } from './state-db.ts';

const shape = z.object({
  id: z.string(),
  issuer: z.string(),
  sub: z.string(),
  reason: z.string(),
  opened_at: z.number(),
  expires_at: z.number(),
});
/** Open grants at most; each needed a person, a second factor and a reason. */
const maximumOpen = 10_000;

export class SqliteGrantStore implements GrantStore, GrantEnds {
  readonly #db: StateDb;
  readonly #clock: Clock;
  readonly #open = new Map<string, Grant>();

  private constructor(db: StateDb, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Loads the grants of an earlier run that are still open. */
  static async open(db: StateDb, clock: Clock): Promise<SqliteGrantStore> {
    const store = new SqliteGrantStore(db, clock);
    const sql = 'SELECT * FROM grants WHERE expires_at > ? ORDER BY opened_at';
    const [result] = await db.run('identity', [{ sql, params: [clock.now()] }]);
    for (const row of result?.rows ?? []) {
      const { opened_at: openedAt, expires_at: expiresAt, ...rest } = shape.parse(row);
      store.#open.set(personKey(rest.issuer, rest.sub), { ...rest, openedAt, expiresAt });
    }
    return store;
  }

  async open(grant: Grant): Promise<void> {
    this.#forgetExpired();
    if (this.#open.size >= maximumOpen) throw new Error(`${maximumOpen} emergency grants are open, which is the limit`);
    const { id, issuer, sub, reason, openedAt, expiresAt } = grant;
    const sql = 'INSERT INTO grants (id, issuer, sub, reason, opened_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)';
    await this.#db.run('identity', [{ sql, params: [id, issuer, sub, reason, openedAt, expiresAt] }]);
    this.#open.set(personKey(issuer, sub), grant);
  }

  current(issuer: string, sub: string, now: number): Grant | null {
    const grant = this.#open.get(personKey(issuer, sub));
    // A clock that was set back must not open a grant before it began.
    return grant !== undefined && grant.openedAt <= now && now < grant.expiresAt ? grant : null;
  }

  async endOf(issuer: string, sub: string, now: number): Promise<number> {
    this.#open.delete(personKey(issuer, sub));
    const sql = 'UPDATE grants SET expires_at = ?1 WHERE issuer = ?2 AND sub = ?3 AND expires_at > ?1';
    const [ended] = await this.#db.run('identity', [{ sql, params: [now, issuer, sub] }]);
    return ended?.changes ?? 0;
  }

  #forgetExpired(): void {
    const now = this.#clock.now();
    for (const [key, grant] of this.#open) if (grant.expiresAt <= now) this.#open.delete(key);
  }
}

function personKey(issuer: string, sub: string): string {
  return JSON.stringify([issuer, sub]);
}
