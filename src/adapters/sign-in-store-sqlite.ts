// Started sign-ins in the embedded database: one row each, taken exactly once, so that tabs do not disturb each other
// and a callback opened twice works once. Never says why a state is unknown.

import { z } from 'zod';
import type { SignInStore, SignInTransaction } from '../identity-ports.ts';
import type { Clock } from '../ports.ts';
import type { StateDb } from './state-db.ts';

/** Tabs of one browser that may be signing in at the same time; the oldest gives way. */
const perBrowser = 20;
/** Of all browsers together, so that a stranger cannot fill the disk. */
const altogether = 50_000;
const countEvery = 100;

const shape = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  application: z.string(),
  returnTo: z.string(),
  browser: z.string(),
  silent: z.boolean(),
  maxAgeSeconds: z.number().exactOptional(),
  sessionKey: z.string().nullable(),
  expiresAt: z.number(),
});

export class SqliteSignInStore implements SignInStore {
  readonly #db: StateDb;
  readonly #clock: Clock;
  #puts = 0;

  constructor(db: StateDb, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async put(transaction: SignInTransaction): Promise<void> {
    const { state, browser, expiresAt } = transaction;
    await this.#db.run('sessions', [
      { sql: 'DELETE FROM sign_ins WHERE expires_at <= ?', params: [this.#clock.now()] },
      {
        sql: 'INSERT INTO sign_ins (state, browser, expires_at, value) VALUES (?, ?, ?, ?)',
        params: [state, browser, expiresAt, JSON.stringify(transaction)],
      },
      keepNewest('WHERE browser = ?', [browser], perBrowser),
      ...(this.#puts % countEvery === 0 ? [keepNewest('', [], altogether)] : []),
    ]);
    this.#puts += 1;
  }

  async take(state: string): Promise<SignInTransaction | null> {
    const sql = 'DELETE FROM sign_ins WHERE state = ? RETURNING value';
    const [result] = await this.#db.run('sessions', [{ sql, params: [state] }]);
    const value = result?.rows[0]?.['value'];
    if (typeof value !== 'string') return null;
    const transaction = shape.parse(JSON.parse(value));
    return transaction.expiresAt > this.#clock.now() ? transaction : null;
  }
}

function keepNewest(where: string, params: readonly string[], keep: number): { sql: string; params: (string | number)[] } {
  return {
    sql: `DELETE FROM sign_ins WHERE state IN
      (SELECT state FROM sign_ins ${where} ORDER BY expires_at DESC, rowid DESC LIMIT -1 OFFSET ?)`,
    params: [...params, keep],
  };
}
