// A gateway looked at the version of the tables when it started, and never again. One whose connection was gone for a moment came
// back to tables that a newer version had changed meanwhile, which it could not use, and went on writing into them.

import { dirname } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresDb } from '../../src/adapters/state-db-postgres.ts';
import { eventually } from '../support/demo-story.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { requirement } from '../support/requirements.ts';

const postgres = requirement('postgres');
const count = { sql: 'SELECT count(*) AS n FROM totp', params: [] };

postgres.describe('tables that were taken over', () => {
  let server: PostgresServer;
  let client: Client;

  beforeAll(async () => {
    server = await startPostgres(dirname(postgres.path ?? ''));
    client = new Client({ connectionString: server.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await server.close();
  });

  /** Every connection of the gateway, from the side of the server. */
  const cut = () =>
    client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'wardgate %'");

  it.each([
    ['several', true],
    ['one alone', false],
  ])('%s: whoever was away writes nothing more, says why, and goes on where they were put back', async (title, together) => {
    const schema = title.replace(' ', '_');
    const change = (words: string) => client.query(`UPDATE ${schema}.schema_version SET ${words} WHERE database = 'identity'`);
    const options = { url: server.url, password: null, trust: null, plain: true, schema, log: new FakeLog(), together };
    const db = await openPostgresDb(options);
    try {
      await db.run([count]);
      await change("steps = steps + 1, oldest_usable = steps + 1, program = '9.9.9'");
      await cut();
      await eventually(() => db.trouble?.includes('was used by Wardgate 9.9.9') ?? false, 'it to say why');
      await expect(db.run([count])).rejects.toMatchObject({ code: 'session-store-unavailable' });
      await change('steps = steps - 1, oldest_usable = 0');
      await eventually(async () => db.run([count]).catch(() => null), 'it to go on');
      expect(db.trouble).toBe(null);
    } finally {
      await db.close();
    }
  });
});
