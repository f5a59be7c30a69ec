// Who may not come in any more, in the embedded database: by (issuer, sub), so that another login name does not let them in
// again, and by the login name, so that a second account of that name does not either. A newcomer who gets an old name comes
// in once that name is given free. Asked of the rows each time, so that whoever is out at one gateway is out at all.

import type { Leavers } from '../people-ports.ts';
import type { StateDb } from './state-db.ts';

type Person = Parameters<Leavers['isBlocked']>[0];

const theirs = "issuer = ?1 AND (sub = ?2 OR (sub = '' AND name = ?3))";
/** Providers tell names apart by case or not; whoever is shut out is shut out either way. */
const shut = "issuer = ?1 AND (sub = ?2 OR (name <> '' AND lower(name) = lower(?3)))";

export class SqliteLeavers implements Leavers {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async block({ issuer, sub, name }: Person, at: number): Promise<void> {
    const sql = 'INSERT INTO offboarded (issuer, sub, name, at) VALUES (?, ?, ?, ?) ON CONFLICT (issuer, sub, name) DO NOTHING';
    await this.#db.run('identity', [{ sql, params: [issuer, sub, name, at] }]);
  }

  async readmit({ issuer, sub, name }: Person): Promise<number> {
    const sql = `DELETE FROM offboarded WHERE ${theirs}`;
    const [gone] = await this.#db.run('identity', [{ sql, params: [issuer, sub, name] }]);
    return gone?.changes ?? 0;
  }

  async releaseName(issuer: string, name: string): Promise<number> {
    const sql = `UPDATE offboarded SET name = '' WHERE issuer = ? AND lower(name) = lower(?) AND sub <> ''`;
    const [freed] = await this.#db.run('identity', [{ sql, params: [issuer, name] }]);
    return freed?.changes ?? 0;
  }

  async isBlocked({ issuer, sub, name }: Person): Promise<boolean> {
    const sql = `SELECT 1 FROM offboarded WHERE ${shut} LIMIT 1`;
    const [found] = await this.#db.run('identity', [{ sql, params: [issuer, sub, name] }]);
    return (found?.rows.length ?? 0) > 0;
  }
}
