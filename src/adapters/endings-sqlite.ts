// Ends of somebody's access that were begun, in the embedded database, so that one which a crash broke off is done at the
// next start.

import { z } from 'zod';
import type { Ending, Endings } from '../ending-ports.ts';
import type { StateDb } from './state-db.ts';

const shape = z
  .object({ issuer: z.string(), sub: z.string(), name: z.string(), noticed_at: z.number().nullable() })
  .transform(({ noticed_at: noticedAt, ...who }): Ending => ({ ...who, noticedAt }));

const keep = `INSERT INTO endings (issuer, sub, name, noticed_at, begun_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (issuer, sub, name) DO UPDATE SET noticed_at = coalesce(excluded.noticed_at, endings.noticed_at)`;

export class SqliteEndings implements Endings {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async begin({ issuer, sub, name, noticedAt }: Ending, at: number): Promise<void> {
    const block = 'INSERT INTO offboarded (issuer, sub, name, at) VALUES (?, ?, ?, ?) ON CONFLICT (issuer, sub, name) DO NOTHING';
    await this.#db.run('identity', [
      { sql: block, params: [issuer, sub, name, at] },
      { sql: keep, params: [issuer, sub, name, noticedAt, at] },
    ]);
  }

  async open(begunBefore = Infinity): Promise<readonly Ending[]> {
    const sql = 'SELECT issuer, sub, name, noticed_at FROM endings WHERE begun_at < ? ORDER BY begun_at';
    const params = [Math.min(begunBefore, Number.MAX_SAFE_INTEGER)];
    const [result] = await this.#db.run('identity', [{ sql, params }]);
    return (result?.rows ?? []).map((row) => shape.parse(row));
  }

  async done({ issuer, sub, name }: Ending): Promise<void> {
    const sql = 'DELETE FROM endings WHERE issuer = ? AND sub = ? AND name = ?';
    await this.#db.run('identity', [{ sql, params: [issuer, sub, name] }]);
  }
}
