// Emergency grants: on disk before they count, in memory for the hot path. A grant is never prolonged; a second one is
// a second record. What other gateways open and close is read again as soon as they tell; the open ones of a clinic are few, so all of
// them are.

import { z } from 'zod';
import type { GrantEnds } from '../ending-ports.ts';
import type { Clock, Grant, GrantStore, Soon } from '../ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import { FollowedRows, personMark } from './followed-rows.ts';
import { oneGateway } from './one-gateway.ts';
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
/** What the clocks of two gateways may differ by: a grant of another one counts here at once, also where its clock is ahead. */
const clocksDifferMilliseconds = 5000;

interface Open extends Grant {
  /** From when on it counts, by the clock of this gateway. */
  readonly from: number;
}

export class SqliteGrantStore implements GrantStore, GrantEnds {
  readonly #db: StateDb;
  readonly #clock: Clock;
  readonly #followed: FollowedRows;
  #open = new Map<string, Open>();

  private constructor(db: StateDb, clock: Clock, { changes }: SharedParts) {
    this.#db = db;
    this.#clock = clock;
    this.#followed = new FollowedRows({ changes, topic: 'grants', read: async () => this.#read() });
  }

  /** Loads the grants of an earlier run that are still open. */
  static async open(db: StateDb, clock: Clock, shared: SharedParts = oneGateway): Promise<SqliteGrantStore> {
    const store = new SqliteGrantStore(db, clock, shared);
    await store.#followed.readAll();
    return store;
  }

  async open(grant: Grant): Promise<void> {
    this.#forgetExpired();
    if (this.#open.size >= maximumOpen) throw new Error(`${maximumOpen} emergency grants are open, which is the limit`);
    const { id, issuer, sub, reason, openedAt, expiresAt } = grant;
    const sql = 'INSERT INTO grants (id, issuer, sub, reason, opened_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)';
    await this.#db.run('identity', [{ sql, params: [id, issuer, sub, reason, openedAt, expiresAt] }]);
    this.#open.set(personKey(issuer, sub), { ...grant, from: openedAt });
    await this.#followed.wrote(personMark(grant));
  }

  current(issuer: string, sub: string, now: number): Soon<Grant | null> {
    const unread = this.#followed.unread(() => personMark({ issuer, sub }));
    return unread === undefined ? this.#at(issuer, sub, now) : unread.then(() => this.#at(issuer, sub, now));
  }

  async latest(): Promise<void> {
    await this.#followed.latest();
  }

  #at(issuer: string, sub: string, now: number): Grant | null {
    const found = this.#open.get(personKey(issuer, sub));
    if (found === undefined) return null;
    const { from, ...grant } = found;
    // A clock that was set back must not open a grant before it began.
    return from <= now && now < grant.expiresAt ? grant : null;
  }

  async endOf(issuer: string, sub: string, now: number): Promise<number> {
    this.#open.delete(personKey(issuer, sub));
    const sql = 'UPDATE grants SET expires_at = ?1 WHERE issuer = ?2 AND sub = ?3 AND expires_at > ?1';
    const [ended] = await this.#db.run('identity', [{ sql, params: [now, issuer, sub] }]);
    // Another time: a reading that was under way may have brought it back.
    this.#open.delete(personKey(issuer, sub));
    await this.#followed.wrote(personMark({ issuer, sub }));
    return ended?.changes ?? 0;
  }

  async #read(): Promise<() => void> {
    const sql = 'SELECT * FROM grants WHERE expires_at > ? ORDER BY opened_at';
    const [result] = await this.#db.run('identity', [{ sql, params: [this.#clock.now()] }]);
    const open = new Map<string, Open>();
    for (const row of result?.rows ?? []) {
      const { opened_at: openedAt, expires_at: expiresAt, ...rest } = shape.parse(row);
      const from = openedAt - clocksDifferMilliseconds;
      open.set(personKey(rest.issuer, rest.sub), { ...rest, openedAt, expiresAt, from });
    }
    return () => {
      this.#open = open;
    };
  }

  #forgetExpired(): void {
    const now = this.#clock.now();
    for (const [key, grant] of this.#open) if (grant.expiresAt <= now) this.#open.delete(key);
  }
}

function personKey(issuer: string, sub: string): string {
  return JSON.stringify([issuer, sub]);
}
