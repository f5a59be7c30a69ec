// IT's one-time codes in the embedded database, as hashes. Using one up is a single statement, because two requests with the
// same code may arrive in the same millisecond.

import { hash, randomBytes } from 'node:crypto';
import { enrolCodeBytes, formatEnrolCode, normaliseEnrolCode } from '../core/second-factor/enrol-code.ts';
import type { EnrolCodes } from '../people-ports.ts';
import type { StateDb } from './state-db.ts';

const insert = `INSERT INTO enrol_codes (issuer, name, hash, expires_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (issuer, name) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at`;
const use = 'DELETE FROM enrol_codes WHERE issuer = ? AND name = ? AND hash = ? AND expires_at > ?';
const select = 'SELECT expires_at FROM enrol_codes WHERE issuer = ? AND name = ? AND expires_at > ?';

export class SqliteEnrolCodes implements EnrolCodes {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async issue(issuer: string, name: string, expiresAt: number): Promise<string> {
    const code = formatEnrolCode(randomBytes(enrolCodeBytes));
    const params = [issuer, name, hashOf(issuer, name, normaliseEnrolCode(code) ?? ''), expiresAt];
    await this.#db.run('identity', [{ sql: insert, params }]);
    return code;
  }

  async redeem(issuer: string, name: string, typed: string, now: number): Promise<boolean> {
    const code = normaliseEnrolCode(typed);
    if (code === null) return false;
    const [used] = await this.#db.run('identity', [{ sql: use, params: [issuer, name, hashOf(issuer, name, code), now] }]);
    return used?.changes === 1;
  }

  async openUntil(issuer: string, name: string, now: number): Promise<number | null> {
    const [found] = await this.#db.run('identity', [{ sql: select, params: [issuer, name, now] }]);
    const expiresAt = found?.rows[0]?.['expires_at'];
    return typeof expiresAt === 'number' ? expiresAt : null;
  }

  async revoke(issuer: string, name: string): Promise<number> {
    const sql = 'DELETE FROM enrol_codes WHERE issuer = ? AND name = ?';
    const [gone] = await this.#db.run('identity', [{ sql, params: [issuer, name] }]);
    return gone?.changes ?? 0;
  }
}

/** Bound to the person, so that a row copied to somebody else opens nothing. 80 random bits need no slow hash. */
function hashOf(issuer: string, name: string, code: string): string {
  return hash('sha256', JSON.stringify(['wardgate enrolment code', issuer, name, code]), 'base64url');
}
