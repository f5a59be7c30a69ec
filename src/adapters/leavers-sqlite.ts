// Who may not come in any more, in the embedded database: by (issuer, sub), so that another login name does not let them in
// again, and by the login name, so that a second account of that name does not either. A newcomer who gets an old name comes
// in once that name is given free. Asked of the rows each time, so that whoever is out at one gateway is out at all.

import { foldLetters } from '../core/target/fold-letters.ts';
import type { Leavers } from '../people-ports.ts';
import type { Row, StateDb } from './state-db.ts';

type Person = Parameters<Leavers['isBlocked']>[0];

const theirs = "issuer = ?1 AND (sub = ?2 OR (sub = '' AND name = ?3))";
/** Names are compared here and not by the database, which may know the case of ASCII letters alone. */
const namesOf = "SELECT DISTINCT name FROM offboarded WHERE issuer = ? AND name <> ''";

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
    const sql = `UPDATE offboarded SET name = '' WHERE issuer = ? AND name = ? AND sub <> ''`;
    const [names] = await this.#db.run('identity', [{ sql: namesOf, params: [issuer] }]);
    const same = (names?.rows ?? []).filter((row) => isSameName(row, name)).map((row) => String(row['name']));
    const freed = await this.#db.run(
      'identity',
      same.map((one) => ({ sql, params: [issuer, one] })),
    );
    return freed.reduce((total, { changes }) => total + changes, 0);
  }

  async isBlocked({ issuer, sub, name }: Person): Promise<boolean> {
    const asGiven = "SELECT 1 FROM offboarded WHERE issuer = ? AND (sub = ? OR (name <> '' AND name = ?)) LIMIT 1";
    const [found, names] = await this.#db.run('identity', [
      { sql: asGiven, params: [issuer, sub, name] },
      { sql: namesOf, params: [issuer] },
    ]);
    return (found?.rows.length ?? 0) > 0 || (names?.rows ?? []).some((row) => isSameName(row, name));
  }
}

/** Providers tell names apart by case and accents or not; whoever is shut out is shut out either way. */
function isSameName({ name }: Row, asked: string): boolean {
  return foldLetters(String(name)) === foldLetters(asked);
}
