// A clinic gave its PostgreSQL a password, named its file under `store.durable`, and no gateway came in: the client reads the address
// last, and one without a password took the place of the one beside it. Every PostgreSQL of the tests let everybody in.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresConfig } from '../../src/adapters/postgres-config.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { requirement } from '../support/requirements.ts';

const needed = requirement('postgres');
const password = `it's "one" with \\ and é`;

let server: PostgresServer;
let address: URL;

async function ask(url: string, statement: string, given: string | null = null): Promise<unknown> {
  const client = new Client(postgresConfig({ url, password: given, trust: null, plain: true, schema: 'wardgate' }));
  client.on('error', () => undefined);
  try {
    await client.connect();
    return Object.values((await client.query<Record<string, unknown>>(statement)).rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

needed.describe('a PostgreSQL that asks for a password', () => {
  beforeAll(async () => {
    server = await startPostgres(dirname(needed.path ?? ''));
    const quoted = await ask(server.url, `SELECT quote_literal($$${password}$$)`);
    await ask(server.url, `CREATE ROLE "the clinic" LOGIN PASSWORD ${String(quoted)}`);
    await ask(server.url, 'CREATE DATABASE "every row" OWNER "the clinic"');
    const file = String(await ask(server.url, 'SHOW hba_file'));
    writeFileSync(file, `host all "the clinic" all scram-sha-256\n${readFileSync(file, 'utf8')}`);
    await ask(server.url, 'SELECT pg_reload_conf()');
    address = new URL(server.url);
    address.username = 'the clinic';
    address.pathname = '/every row';
  });
  afterAll(async () => server.close());

  test('is given the one beside its address', async () => {
    expect(await ask(address.href, "SELECT current_user || ' at ' || current_database()", password)).toBe(
      'the clinic at every row',
    );
  });

  test.each([null, 'another'])('lets nobody in with %j', async (given) => {
    await expect(ask(address.href, 'SELECT 1', given)).rejects.toThrow(/password/);
  });
});
