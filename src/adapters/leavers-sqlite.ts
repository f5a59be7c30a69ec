// Who may not come in any more, in the embedded database: by (issuer, sub), so that neither another login name lets them in
// again nor a newcomer with their old name is kept out.

import type { Leavers } from '../people-ports.ts';
import type { StateDb } from './state-db.ts';

type Person = Parameters<Leavers['isBlocked']>[0];

const theirs = "issuer = ?1 AND (sub = ?2 OR (sub = '' AND name = ?3))";

export class SqliteLeavers implements Leavers {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async block({ issuer, sub, name }: Person, at: number): Promise<void> {
    const sql = 'INSERT OR IGNORE INTO offboarded (issuer, sub, name, at) VALUES (?, ?, ?, ?)';
    await this.#db.run('identity', [{ sql, params: [issuer, sub, name, at] }]);
  }

  async readmit({ issuer, sub, name }: Person): Promise<number> {
    const sql = `DELETE FROM offboarded WHERE ${theirs}`;
    const [gone] = await this.#db.run('identity', [{ sql, params: [issuer, sub, name] }]);
    return gone?.changes ?? 0;
  }

  async isBlocked({ issuer, sub, name }: Person): Promise<boolean> {
    const sql = `SELECT 1 FROM offboarded WHERE ${theirs} LIMIT 1`;
    const [found] = await this.#db.run('identity', [{ sql, params: [issuer, sub, name] }]);
    return (found?.rows.length ?? 0) > 0;
  }
}
