// The logouts a provider has sent, in the embedded database: each token counts once, and a sign-in that was on its way when
// the logout came can be told. Holds no token.

import type { ProviderLogout, ProviderLogoutStore } from '../identity-ports.ts';
import type { StateDb } from './state-db.ts';

/** Far beyond the minutes in which a token is accepted, so that a clock that was set back does not revive one. */
const rememberMilliseconds = 86_400_000;

export class SqliteProviderLogoutStore implements ProviderLogoutStore {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async keep({ id, sub, providerSession }: ProviderLogout, at: number): Promise<boolean> {
    const sql = 'INSERT INTO provider_logouts (id, sub, provider_session, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING';
    const [, kept] = await this.#db.run('identity', [
      { sql: 'DELETE FROM provider_logouts WHERE at < ?', params: [at - rememberMilliseconds] },
      { sql, params: [id, sub, providerSession, at] },
    ]);
    return kept?.changes === 1;
  }

  async release(id: string): Promise<void> {
    await this.#db.run('identity', [{ sql: 'DELETE FROM provider_logouts WHERE id = ?', params: [id] }]);
  }

  async endedSince(sub: string, providerSession: string | null, since: number): Promise<boolean> {
    const sql = `SELECT 1 FROM provider_logouts WHERE at >= ?1 AND
      (provider_session = ?2 OR (sub = ?3 AND (provider_session IS NULL OR ?2 IS NULL))) LIMIT 1`;
    const [found] = await this.#db.run('identity', [{ sql, params: [since, providerSession, sub] }]);
    return (found?.rows.length ?? 0) > 0;
  }
}
