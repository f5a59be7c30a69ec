// The people who may come in without the provider, and the hashes of their sealed codes, in the database that syncs every commit: a
// code that was used must not be found unused after a power loss.

import { z } from 'zod';
import type { Subject } from '../core/session/session.ts';
import type { EmergencyCode, EmergencyPerson, EmergencyStore } from '../emergency-ports.ts';
import type { StateDb, Statement, StatementResult } from './state-db.ts';

const person = z
  .object({
    issuer: z.string(),
    sub: z.string(),
    name: z.string(),
    display_name: z.string(),
    roles: z.string(),
    seen_at: z.number(),
  })
  .transform(({ issuer, sub, name, display_name: displayName, roles, seen_at: seenAt }): EmergencyPerson => ({
    subject: { issuer, sub, name, displayName },
    roles: z.array(z.string()).parse(JSON.parse(roles)),
    seenAt,
  }));
const code = z.object({ salt: z.string(), hash: z.string() });

const upsert = `INSERT INTO emergency_people (issuer, sub, name, display_name, roles, seen_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (issuer, sub) DO UPDATE SET name = excluded.name, display_name = excluded.display_name, roles = excluded.roles, seen_at = excluded.seen_at`;

export class SqliteEmergencyStore implements EmergencyStore {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async remember({ issuer, sub, name, displayName }: Subject, roles: readonly string[], at: number): Promise<void> {
    await this.#run({ sql: upsert, params: [issuer, sub, name, displayName, JSON.stringify(roles), at] });
  }

  async named(name: string): Promise<readonly EmergencyPerson[]> {
    const found = await this.#run({ sql: 'SELECT * FROM emergency_people WHERE name = ? LIMIT 2', params: [name] });
    return (found?.rows ?? []).map((row) => person.parse(row));
  }

  async giveCodes(issuer: string, sub: string, codes: readonly EmergencyCode[], at: number): Promise<void> {
    const insert = 'INSERT INTO emergency_codes (issuer, sub, salt, hash, made_at) VALUES (?, ?, ?, ?, ?)';
    await this.#db.run('identity', [
      { sql: 'DELETE FROM emergency_codes WHERE issuer = ? AND sub = ?', params: [issuer, sub] },
      ...codes.map(({ salt, hash }) => ({ sql: insert, params: [issuer, sub, salt, hash, at] })),
    ]);
  }

  async forgetCodes(issuer: string, sub: string): Promise<number> {
    const gone = await this.#run({ sql: 'DELETE FROM emergency_codes WHERE issuer = ? AND sub = ?', params: [issuer, sub] });
    return gone?.changes ?? 0;
  }

  async codes(issuer: string, sub: string): Promise<readonly EmergencyCode[]> {
    const found = await this.#run({
      sql: 'SELECT salt, hash FROM emergency_codes WHERE issuer = ? AND sub = ?',
      params: [issuer, sub],
    });
    return (found?.rows ?? []).map((row) => code.parse(row));
  }

  async redeem(issuer: string, sub: string, hash: string): Promise<boolean> {
    const sql = 'DELETE FROM emergency_codes WHERE issuer = ? AND sub = ? AND hash = ?';
    return (await this.#run({ sql, params: [issuer, sub, hash] }))?.changes === 1;
  }

  async #run(statement: Statement): Promise<StatementResult | undefined> {
    return (await this.#db.run('identity', [statement]))[0];
  }
}
