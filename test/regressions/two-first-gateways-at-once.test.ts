// Two gateways began on an empty PostgreSQL at the same moment. The second waited for the first, and then looked at the tables as
// they had been before it waited: none. It tried to make them once more, and did not start.

import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

  it('all who begin at once find the same tables', async () => {
    const durable = { url: server.url, password: null, trust: null, plain: true, schema: 'wardgate', together: true };
    const began = await Promise.allSettled([1, 2, 3, 4].map(async () => openPostgresDb({ ...durable, log: new FakeLog() })));
    for (const one of began) if (one.status === 'fulfilled') await one.value.close();
    expect(began.map((one) => (one.status === 'fulfilled' ? null : String(one.reason)))).toEqual([null, null, null, null]);
  });
});
