// Where express-session keeps the few minutes between the provider's answer and the second factor. Rows are sealed whole,
// because they hold the provider's tokens. Never re-creates a destroyed interaction.

import { createHash } from 'node:crypto';
import session from 'express-session';
import type { SessionData } from 'express-session';
import type { Clock, Sealer } from '../ports.ts';
import type { StateDb } from './state-db.ts';

const purpose = 'interaction';
/** Open interactions at most; each needed a sign-in at the provider. The oldest give way. */
const altogether = 20_000;
/** Characters of one interaction, sealed. */
const maximumCharacters = 64 * 1024;
/** Ids destroyed lately, so that a slow request cannot write one back. */
const rememberDestroyed = 10_000;

type Callback = (error?: unknown) => void;

export class ExpressSessionStore extends session.Store {
  readonly #db: StateDb;
  readonly #sealer: Sealer;
  readonly #clock: Clock;
  readonly #lastsMilliseconds: number;
  readonly #destroyed = new Set<string>();

  constructor(db: StateDb, sealer: Sealer, clock: Clock, lastsSeconds: number) {
    super();
    this.#db = db;
    this.#sealer = sealer;
    this.#clock = clock;
    this.#lastsMilliseconds = lastsSeconds * 1000;
  }

  override get(id: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    void settle(async () => this.#read(hashed(id)), callback);
  }

  override set(id: string, value: SessionData, callback: Callback = ignore): void {
    void settle(async () => this.#write(hashed(id), value), callback);
  }

  override destroy(id: string, callback: Callback = ignore): void {
    const key = hashed(id);
    this.#destroyed.add(key);
    if (this.#destroyed.size > rememberDestroyed) {
      for (const oldest of this.#destroyed.values().take(1)) this.#destroyed.delete(oldest);
    }
    const sql = 'DELETE FROM interactions WHERE id = ?';
    void settle(async () => this.#db.run('sessions', [{ sql, params: [key] }]), callback);
  }

  /** Nothing prolongs an interaction: it lives ten minutes from its last change. */
  override touch(_id: string, _session: SessionData, callback: () => void = ignore): void {
    callback();
  }

  async #read(key: string): Promise<SessionData | null> {
    const sql = 'SELECT sealed FROM interactions WHERE id = ? AND expires_at > ?';
    const [result] = await this.#db.run('sessions', [{ sql, params: [key, this.#clock.now()] }]);
    const sealed = result?.rows[0]?.['sealed'];
    if (typeof sealed !== 'string') return null;
    return JSON.parse(this.#sealer.open(purpose, key, sealed)) as SessionData;
  }

  async #write(key: string, value: SessionData): Promise<void> {
    if (this.#destroyed.has(key)) return;
    const sealed = this.#sealer.seal(purpose, key, JSON.stringify(value));
    if (sealed.length > maximumCharacters) {
      throw new Error(`A sign-in interaction takes ${sealed.length} characters; ${maximumCharacters} are allowed`);
    }
    const now = this.#clock.now();
    await this.#db.run('sessions', [
      { sql: 'DELETE FROM interactions WHERE expires_at <= ?', params: [now] },
      {
        sql: `INSERT INTO interactions (id, expires_at, sealed) VALUES (?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at, sealed = excluded.sealed`,
        params: [key, now + this.#lastsMilliseconds, sealed],
      },
      {
        sql: `DELETE FROM interactions WHERE id IN
          (SELECT id FROM interactions ORDER BY expires_at DESC LIMIT 1000000000 OFFSET ?)`,
        params: [altogether],
      },
    ]);
  }
}

function ignore(): void {
  // express-session destroys some interactions without waiting.
}

/** Calls back outside the try, so that a throw of the caller is not reported to it as an error of the store. */
async function settle<T>(work: () => Promise<T>, callback: (error: unknown, value?: T) => void): Promise<void> {
  let value: T;
  try {
    value = await work();
  } catch (cause) {
    callback(cause);
    return;
  }
  callback(null, value);
}

function hashed(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
