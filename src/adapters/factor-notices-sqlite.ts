// What people have yet to be told about their second factors, in the embedded database. Holds no secret.

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { factorChanges } from '../core/second-factor/factor-change.ts';
import type { FactorChange } from '../core/second-factor/factor-change.ts';
import type { FactorNotice, FactorNotices } from '../people-ports.ts';
import type { StateDb } from './state-db.ts';

type Person = Parameters<FactorNotices['of']>[0];

const shape = z.object({ at: z.number(), change: z.string() });
const changeShape = z.object({ kind: z.enum(factorChanges), name: z.string().nullable() });
/** Kept of one person; of more, the newest. */
const mostNotices = 50;

const insert = 'INSERT INTO factor_notices (id, issuer, sub, at, change) VALUES (?, ?, ?, ?, ?)';
const trim = `DELETE FROM factor_notices WHERE issuer = ?1 AND sub = ?2 AND id NOT IN
  (SELECT id FROM factor_notices WHERE issuer = ?1 AND sub = ?2 ORDER BY at DESC LIMIT ${mostNotices})`;

export class SqliteFactorNotices implements FactorNotices {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async tell({ issuer, sub }: Person, change: FactorChange, at: number): Promise<void> {
    await this.#db.run('identity', [
      { sql: insert, params: [randomUUID(), issuer, sub, at, JSON.stringify(change)] },
      { sql: trim, params: [issuer, sub] },
    ]);
  }

  async of({ issuer, sub }: Person): Promise<readonly FactorNotice[]> {
    const sql = 'SELECT at, change FROM factor_notices WHERE issuer = ? AND sub = ? ORDER BY at, rowid';
    const [result] = await this.#db.run('identity', [{ sql, params: [issuer, sub] }]);
    return (result?.rows ?? []).map((row) => {
      const { at, change } = shape.parse(row);
      return { at, change: changeShape.parse(JSON.parse(change)) };
    });
  }

  async acknowledge({ issuer, sub }: Person, upTo: number): Promise<number> {
    const sql = 'DELETE FROM factor_notices WHERE issuer = ? AND sub = ? AND at <= ?';
    const [gone] = await this.#db.run('identity', [{ sql, params: [issuer, sub, upTo] }]);
    return gone?.changes ?? 0;
  }
}
