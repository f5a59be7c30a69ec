// Started sign-ins in the embedded database: one row each, taken exactly once, so that tabs do not disturb each other
// and a callback opened twice works once. Never says why a state is unknown.

import { z } from 'zod';
import { addressShare } from '../core/network/address-share.ts';
import type { SignInStore, SignInTransaction } from '../identity-ports.ts';
import type { Clock } from '../ports.ts';
import type { StateDb, Statement } from './state-db.ts';

/** Tabs of one browser that may be signing in at the same time; the oldest gives way. */
const perBrowser = 20;
/** Begun from one address (version 6: one /64), behind which a whole clinic may sit. A flood pushes out its own. */
const perAddress = 2000;
/** Of all browsers together, so that a stranger cannot fill the disk. Above it, those with the most open give way first. */
const altogether = 50_000;
/** What is left then: deciding who gives way reads them all, which must not happen with every sign-in of a flood. */
const afterCut = 45_000;
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
  unlocks: z.boolean().exactOptional(),
  switchedFrom: z.string().exactOptional(),
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

  async put(transaction: SignInTransaction, address: string): Promise<void> {
    const { state, browser, expiresAt } = transaction;
    const source = addressShare(address);
    // Counted before the write, or all that are begun at the same moment would take the same number.
    this.#puts += 1;
    const isCounted = this.#puts % countEvery === 1;
    const results = await this.#db.run('sessions', [
      { sql: 'DELETE FROM sign_ins WHERE expires_at <= ?', params: [this.#clock.now()] },
      {
        sql: 'INSERT INTO sign_ins (state, browser, source, expires_at, value) VALUES (?, ?, ?, ?, ?)',
        params: [state, browser, source, expiresAt, JSON.stringify(transaction)],
      },
      keepNewest('browser', browser, perBrowser),
      ...(isCounted ? [keepNewest('source', source, perAddress), { sql: countAll, params: [] }] : []),
    ]);
    if (isCounted && Number(results.at(-1)?.rows[0]?.['open']) > altogether) {
      await this.#db.run('sessions', [{ sql: cutFairly, params: [afterCut] }]);
    }
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

/** More than there can be: an offset wants a limit before it in SQLite, and PostgreSQL takes none below zero. */
const all = 1_000_000_000;
const countAll = 'SELECT count(*) AS open FROM sign_ins';

/** Keeps the newest of every source, then the second of every source, and so on. */
const cutFairly = `DELETE FROM sign_ins WHERE state IN (
  SELECT state FROM (
    SELECT state, expires_at, row_number() OVER (PARTITION BY source ORDER BY expires_at DESC, rowid DESC) AS place FROM sign_ins) AS placed
  ORDER BY place, expires_at DESC LIMIT ${all} OFFSET ?)`;

function keepNewest(column: 'browser' | 'source', value: string, keep: number): Statement {
  return {
    sql: `DELETE FROM sign_ins WHERE state IN
      (SELECT state FROM sign_ins WHERE ${column} = ? ORDER BY expires_at DESC, rowid DESC LIMIT ${all} OFFSET ?)`,
    params: [value, keep],
  };
}
