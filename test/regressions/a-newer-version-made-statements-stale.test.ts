// A newer version added a column while an older one was at work. What the older one had prepared on its connections gave one column
// less than the table now had, and PostgreSQL refused each of them: people were told 503, and a sign-out among them did not happen.

import { dirname } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresDb } from '../../src/adapters/state-db-postgres.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { requirement } from '../support/requirements.ts';

const postgres = requirement('postgres');
const all = { sql: 'SELECT * FROM totp', params: [] };
const remove = { sql: 'DELETE FROM totp WHERE sub = ? RETURNING *', params: ['jlopez'] };
/** More than there are connections, so that each of these has it prepared. */
const atOnce = 40;

postgres.describe('tables that changed under what was prepared', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres(dirname(postgres.path ?? ''));
  });
  afterAll(() => server.close());

  it('nobody is refused, and a list is done once', async () => {
    const options = { url: server.url, password: null, trust: null, plain: true, schema: 'stale', together: true };
    const db = await openPostgresDb({ ...options, log: new FakeLog() });
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const asked = (): Promise<unknown> => Promise.all(Array.from({ length: atOnce }, () => db.run([all, remove])));
    try {
      await asked();
      await client.query('ALTER TABLE stale.totp ADD COLUMN ward TEXT');
      await client.query(
        "INSERT INTO stale.totp (issuer, sub, secret, last_step, enrolled_at) VALUES ('op', 'jlopez', 's', 0, 0)",
      );
      const [, removed] = await db.run([all, remove]);
      expect(removed).toMatchObject({ changes: 1, rows: [{ sub: 'jlopez' }] });
      await asked();
    } finally {
      await client.end();
      await db.close();
    }
  });
});
