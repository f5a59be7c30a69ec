// At which devices whose second factor is not asked for, until when, in the embedded database. The cookie's id is not in here,
// only its hash; a row counts for one person at one device.

import { z } from 'zod';
import type { PersonAtDevice, Remembered, RememberedFactors } from '../device-ports.ts';
import type { StateDb } from './state-db.ts';

const shape = z.object({ method: z.string(), shown_at: z.number(), until: z.number() });
const here = 'device = ? AND issuer = ? AND sub = ?';

export class SqliteRememberedFactors implements RememberedFactors {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async find(where: PersonAtDevice, token: string): Promise<Remembered | null> {
    return this.#first(`${here} AND token = ?`, [...placeOf(where), token]);
  }

  async at(where: PersonAtDevice): Promise<Remembered | null> {
    return this.#first(here, placeOf(where));
  }

  async knows(device: string, token: string): Promise<boolean> {
    return (await this.#first('device = ? AND token = ?', [device, token])) !== null;
  }

  async keep(where: PersonAtDevice, token: string, { method, at, until }: Remembered): Promise<void> {
    const sql = `INSERT INTO remembered_factors (device, issuer, sub, token, method, shown_at, until) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (device, issuer, sub) DO UPDATE SET token = excluded.token, method = excluded.method, shown_at = excluded.shown_at, until = excluded.until`;
    await this.#db.run('identity', [
      { sql: 'DELETE FROM remembered_factors WHERE until <= ?', params: [at] },
      { sql, params: [...placeOf(where), token, method, at, until] },
    ]);
  }

  async forget(where: PersonAtDevice): Promise<boolean> {
    const sql = `DELETE FROM remembered_factors WHERE ${here}`;
    const [removed] = await this.#db.run('identity', [{ sql, params: placeOf(where) }]);
    return removed?.changes === 1;
  }

  async forgetPerson(issuer: string, sub: string): Promise<number> {
    const sql = 'DELETE FROM remembered_factors WHERE issuer = ? AND sub = ?';
    const [removed] = await this.#db.run('identity', [{ sql, params: [issuer, sub] }]);
    return removed?.changes ?? 0;
  }

  async #first(condition: string, params: string[]): Promise<Remembered | null> {
    const sql = `SELECT method, shown_at, until FROM remembered_factors WHERE ${condition} LIMIT 1`;
    const [found] = await this.#db.run('identity', [{ sql, params }]);
    const row = found?.rows[0];
    if (row === undefined) return null;
    const { method, shown_at: at, until } = shape.parse(row);
    return { method, at, until };
  }
}

function placeOf({ device, issuer, sub }: PersonAtDevice): string[] {
  return [device, issuer, sub];
}
