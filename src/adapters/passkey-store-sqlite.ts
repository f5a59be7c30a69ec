// Passkeys in the embedded database: public keys and counters. Counting on, and never removing the last factor, are each
// one conditional statement, because two requests may arrive in the same millisecond.

import { z } from 'zod';
import type { Passkey, PasskeyStore } from '../passkey-ports.ts';
import type { StateDb } from './state-db.ts';

const shape = z
  .object({
    id: z.string(),
    name: z.string(),
    public_key: z.string(),
    counter: z.number(),
    transports: z.string(),
    added_at: z.number(),
    used_at: z.number().nullable(),
  })
  .transform((row): Passkey => ({
    id: row.id,
    name: row.name,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports === '' ? [] : row.transports.split(' '),
    addedAt: row.added_at,
    usedAt: row.used_at,
  }));

const insert = `INSERT INTO passkeys (id, issuer, sub, name, public_key, counter, transports, added_at, used_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const countOn = `UPDATE passkeys SET counter = ?4, used_at = ?5
  WHERE issuer = ?1 AND sub = ?2 AND id = ?3 AND (counter < ?4 OR (counter = 0 AND ?4 = 0))`;
const removeButLast = `DELETE FROM passkeys WHERE issuer = ?1 AND sub = ?2 AND id = ?3
  AND (EXISTS (SELECT 1 FROM totp WHERE issuer = ?1 AND sub = ?2)
    OR (SELECT count(*) FROM passkeys WHERE issuer = ?1 AND sub = ?2) > 1)`;

export class SqlitePasskeyStore implements PasskeyStore {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async list(issuer: string, sub: string): Promise<readonly Passkey[]> {
    const sql = `SELECT id, name, public_key, counter, transports, added_at, used_at FROM passkeys
      WHERE issuer = ? AND sub = ? ORDER BY added_at, id`;
    const [result] = await this.#db.run('identity', [{ sql, params: [issuer, sub] }]);
    return (result?.rows ?? []).map((row) => shape.parse(row));
  }

  async add(issuer: string, sub: string, passkey: Passkey, recoveryHashes: readonly string[] | null): Promise<void> {
    const { id, name, publicKey, counter, transports, addedAt, usedAt } = passkey;
    const codes = (recoveryHashes ?? []).map((hash) => ({
      sql: 'INSERT INTO recovery_codes (issuer, sub, hash) VALUES (?, ?, ?)',
      params: [issuer, sub, hash],
    }));
    // Codes of an earlier set are worth nothing once there is a new one.
    const forget = { sql: 'DELETE FROM recovery_codes WHERE issuer = ? AND sub = ?', params: [issuer, sub] };
    await this.#db.run('identity', [
      { sql: insert, params: [id, issuer, sub, name, publicKey, counter, transports.join(' '), addedAt, usedAt] },
      ...(recoveryHashes === null ? [] : [forget, ...codes]),
    ]);
  }

  async use(issuer: string, sub: string, id: string, counter: number, at: number): Promise<boolean> {
    const [result] = await this.#db.run('identity', [{ sql: countOn, params: [issuer, sub, id, counter, at] }]);
    return result?.changes === 1;
  }

  async remove(issuer: string, sub: string, id: string): Promise<boolean> {
    const [result] = await this.#db.run('identity', [{ sql: removeButLast, params: [issuer, sub, id] }]);
    return result?.changes === 1;
  }

  async rename(issuer: string, sub: string, id: string, name: string): Promise<boolean> {
    const sql = 'UPDATE passkeys SET name = ? WHERE issuer = ? AND sub = ? AND id = ?';
    const [result] = await this.#db.run('identity', [{ sql, params: [name, issuer, sub, id] }]);
    return result?.changes === 1;
  }

  async removeAll(issuer: string, sub: string): Promise<number> {
    const sql = 'DELETE FROM passkeys WHERE issuer = ? AND sub = ?';
    const [result] = await this.#db.run('identity', [{ sql, params: [issuer, sub] }]);
    return result?.changes ?? 0;
  }
}
