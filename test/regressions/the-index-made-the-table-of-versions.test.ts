// A gateway opens the index of all records before its state. The index made the table that both count their steps in, without a
// column that the state has in it, and no gateway could start on an empty PostgreSQL.

import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SharedAuditDb } from '../../src/adapters/audit-shared-db.ts';
import { openPostgresBeside } from '../../src/adapters/open-postgres-beside.ts';
import { openPostgresDb } from '../../src/adapters/state-db-postgres.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { requirement } from '../support/requirements.ts';

const postgres = requirement('postgres');

postgres.describe('on an empty PostgreSQL', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres(dirname(postgres.path ?? ''));
  });

  afterAll(() => server.close());

  it.each(['the index', 'the state'])('%s may come first', async (first) => {
    const schema = first.replaceAll(' ', '_');
    const durable = { url: server.url, password: null, trust: null, plain: true, schema };
    const index = new SharedAuditDb(durable);
    if (first === 'the index') {
      await index.ask('SELECT 1');
      await expect(openPostgresBeside(durable)).rejects.toThrow('start the gateway once');
    }
    const state = await openPostgresDb({ ...durable, log: new FakeLog() });
    await index.ask('SELECT 1');
    await (await openPostgresBeside(durable)).close();
    await index.close();
    await state.close();
  });
});
