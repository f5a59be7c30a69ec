// People's own EHR names and passwords, sealed to person and application. Never returns one for another person: the
// sealer refuses to open it.

import { z } from 'zod';
import type { CredentialVault } from '../identity-ports.ts';
import type { Sealer } from '../ports.ts';
import type { StateDb } from './state-db.ts';

const shape = z.object({ username: z.string(), password: z.string() });
const purpose = 'ehr-credential';

interface Credential {
  readonly username: string;
  readonly password: string;
}

export class SqliteCredentialVault implements CredentialVault {
  readonly #db: StateDb;
  readonly #sealer: Sealer;

  constructor(db: StateDb, sealer: Sealer) {
    this.#db = db;
    this.#sealer = sealer;
  }

  async get(issuer: string, sub: string, application: string): Promise<Credential | null> {
    const sql = 'SELECT sealed FROM credentials WHERE issuer = ? AND sub = ? AND application = ?';
    const [result] = await this.#db.run('identity', [{ sql, params: [issuer, sub, application] }]);
    const sealed = result?.rows[0]?.['sealed'];
    if (typeof sealed !== 'string') return null;
    return shape.parse(JSON.parse(this.#sealer.open(purpose, owner(issuer, sub, application), sealed)));
  }

  async put(issuer: string, sub: string, application: string, credential: Credential): Promise<void> {
    const { username, password } = credential;
    const sealed = this.#sealer.seal(purpose, owner(issuer, sub, application), JSON.stringify({ username, password }));
    const sql = `INSERT INTO credentials (issuer, sub, application, sealed) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET sealed = excluded.sealed`;
    await this.#db.run('identity', [{ sql, params: [issuer, sub, application, sealed] }]);
  }

  async remove(issuer: string, sub: string, application: string): Promise<void> {
    const sql = 'DELETE FROM credentials WHERE issuer = ? AND sub = ? AND application = ?';
    await this.#db.run('identity', [{ sql, params: [issuer, sub, application] }]);
  }
}

function owner(issuer: string, sub: string, application: string): string {
  return JSON.stringify([issuer, sub, application]);
}
