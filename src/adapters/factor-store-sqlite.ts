// Second factors in the embedded database. Every "use once" is one conditional statement, because two requests with the
// same code may arrive in the same millisecond. Never sees a secret or a recovery code in clear.

import { z } from 'zod';
import type { FactorStore, TotpEnrolment } from '../identity-ports.ts';
import type { StateDb } from './state-db.ts';

const shape = z.object({ secret: z.string(), last_step: z.number(), enrolled_at: z.number() });

const removeCodeButLast = `DELETE FROM totp WHERE issuer = ?1 AND sub = ?2
  AND EXISTS (SELECT 1 FROM passkeys WHERE issuer = ?1 AND sub = ?2)`;

export class SqliteFactorStore implements FactorStore {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async totp(issuer: string, sub: string): Promise<TotpEnrolment | null> {
    const sql = 'SELECT secret, last_step, enrolled_at FROM totp WHERE issuer = ? AND sub = ?';
    const [result] = await this.#db.run('identity', [{ sql, params: [issuer, sub] }]);
    const row = result?.rows[0];
    if (row === undefined) return null;
    const { secret, last_step: lastStep, enrolled_at: enrolledAt } = shape.parse(row);
    return { sealedSecret: secret, lastStep, enrolledAt };
  }

  /** Rejects when the person has a factor already: an enrolment never replaces one. */
  async enrolTotp(
    issuer: string,
    sub: string,
    sealedSecret: string,
    firstStep: number,
    at: number,
    recoveryHashes: readonly string[],
  ): Promise<void> {
    await this.#db.run('identity', [
      {
        sql: 'INSERT INTO totp (issuer, sub, secret, last_step, enrolled_at) VALUES (?, ?, ?, ?, ?)',
        params: [issuer, sub, sealedSecret, firstStep, at],
      },
      // Codes of an earlier set are worth nothing once there is a new one.
      { sql: 'DELETE FROM recovery_codes WHERE issuer = ? AND sub = ?', params: [issuer, sub] },
      ...recoveryHashes.map((hash) => ({
        sql: 'INSERT INTO recovery_codes (issuer, sub, hash) VALUES (?, ?, ?)',
        params: [issuer, sub, hash],
      })),
    ]);
  }

  async acceptStep(issuer: string, sub: string, step: number): Promise<boolean> {
    const sql = 'UPDATE totp SET last_step = ? WHERE issuer = ? AND sub = ? AND last_step < ?';
    const [result] = await this.#db.run('identity', [{ sql, params: [step, issuer, sub, step] }]);
    return result?.changes === 1;
  }

  async useRecoveryCode(issuer: string, sub: string, hash: string): Promise<boolean> {
    const sql = 'DELETE FROM recovery_codes WHERE issuer = ? AND sub = ? AND hash = ?';
    const [result] = await this.#db.run('identity', [{ sql, params: [issuer, sub, hash] }]);
    return result?.changes === 1;
  }

  async recoveryCodesLeft(issuer: string, sub: string): Promise<number> {
    const sql = 'SELECT count(*) AS n FROM recovery_codes WHERE issuer = ? AND sub = ?';
    const [result] = await this.#db.run('identity', [{ sql, params: [issuer, sub] }]);
    return Number(result?.rows[0]?.['n'] ?? 0);
  }

  async removeTotp(issuer: string, sub: string): Promise<boolean> {
    const [removed] = await this.#db.run('identity', [{ sql: removeCodeButLast, params: [issuer, sub] }]);
    return removed?.changes === 1;
  }

  async renewRecoveryCodes(issuer: string, sub: string, hashes: readonly string[]): Promise<void> {
    await this.#db.run('identity', [
      { sql: 'DELETE FROM recovery_codes WHERE issuer = ? AND sub = ?', params: [issuer, sub] },
      ...hashes.map((hash) => ({
        sql: 'INSERT INTO recovery_codes (issuer, sub, hash) VALUES (?, ?, ?)',
        params: [issuer, sub, hash],
      })),
    ]);
  }

  async remove(issuer: string, sub: string): Promise<boolean> {
    const [, removed] = await this.#db.run('identity', [
      { sql: 'DELETE FROM recovery_codes WHERE issuer = ? AND sub = ?', params: [issuer, sub] },
      { sql: 'DELETE FROM totp WHERE issuer = ? AND sub = ?', params: [issuer, sub] },
      // What stood in the place of a factor goes with it.
      { sql: 'DELETE FROM device_pins WHERE issuer = ? AND sub = ?', params: [issuer, sub] },
      { sql: 'DELETE FROM remembered_factors WHERE issuer = ? AND sub = ?', params: [issuer, sub] },
    ]);
    return removed?.changes === 1;
  }
}
