// PostgreSQL as the engine of what must not be lost: whole lists or nothing, one gateway at a time, and what a server that goes
// away leaves behind.

import { dirname } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openPostgresBeside } from '../../src/adapters/open-postgres-beside.ts';
import { openPostgresDb } from '../../src/adapters/state-db-postgres.ts';
import type { PostgresDb } from '../../src/adapters/state-db-postgres.ts';
import { tryLock } from '../../src/adapters/postgres-locks.ts';
import { postgresTypes } from '../../src/adapters/postgres-types.ts';
import { programVersion } from '../../src/adapters/program-version.ts';
import { upgradePostgres } from '../../src/adapters/postgres-upgrade.ts';
import { postgresSchema, postgresStatement } from '../../src/adapters/postgres-sql.ts';
import { schemas } from '../../src/adapters/state-schema.ts';
import { Fault } from '../../src/core/faults.ts';
import { eventually } from '../support/demo-story.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { requirement } from '../support/requirements.ts';

const insert = 'INSERT INTO totp (issuer, sub, secret, last_step, enrolled_at) VALUES (?, ?, ?, ?, ?)';
const row = (sub: string) => ({ sql: insert, params: ['op', sub, 'sealed', 0, 1_790_000_000_000] });
const count = { sql: 'SELECT count(*) AS n FROM totp', params: [] };

it.each([
  ['SELECT a FROM b WHERE c = ? AND d = ?', 'SELECT a FROM b WHERE c = $1 AND d = $2'],
  ['UPDATE a SET b = ?2 WHERE c = ?1 AND d = ?1', 'UPDATE a SET b = $2 WHERE c = $1 AND d = $1'],
  ['DELETE FROM a', 'DELETE FROM a'],
])('%s', (sql, expected) => {
  expect(postgresStatement(sql)).toBe(expected);
});

it('a table gets the order of its rows, whole numbers of eight bytes, and none of the words of SQLite', () => {
  const step = 'CREATE TABLE a (b TEXT, c INTEGER, d BLOB) STRICT, WITHOUT ROWID; ALTER TABLE a ADD COLUMN e INTEGER;';
  expect(postgresSchema(step)).toBe(
    'CREATE TABLE a (rowid BIGINT GENERATED ALWAYS AS IDENTITY, b TEXT, c BIGINT, d BYTEA); ALTER TABLE a ADD COLUMN e BIGINT;',
  );
});

const postgres = requirement('postgres');

postgres.describe('on a real server', () => {
  let server: PostgresServer;
  let log: FakeLog;
  let schemaNumber = 0;
  const options = (schema: string) => ({ url: server.url, password: null, trust: null, plain: true, schema, log });
  const fresh = (): string => `s${(schemaNumber += 1)}`;

  beforeAll(async () => {
    server = await startPostgres(dirname(postgres.path ?? ''));
    log = new FakeLog();
  });

  afterAll(() => server.close());

  async function withDb(work: (db: PostgresDb, schema: string) => Promise<void>): Promise<void> {
    const schema = fresh();
    const db = await openPostgresDb(options(schema));
    try {
      await work(db, schema);
    } finally {
      await db.close();
    }
  }

  it('does all statements of a list or none of them', async () => {
    await withDb(async (db) => {
      await expect(db.run([row('ada'), row('ada')])).rejects.toThrow(Fault);
      expect((await db.run([count]))[0]?.rows).toEqual([{ n: 0 }]);
      expect((await db.run([row('ada'), count])).map(({ changes }) => changes)).toEqual([1, 1]);
    });
  });

  it('runs a list again that another one got in the way of, until each of them counted', async () => {
    await withDb(async (db) => {
      await db.run([row('ada')]);
      const next = 'UPDATE totp SET last_step = (SELECT max(last_step) FROM totp) + 1 WHERE sub = ?';
      await Promise.all(Array.from({ length: 12 }, () => db.run([{ sql: next, params: ['ada'] }])));
      expect((await db.run([{ sql: 'SELECT last_step FROM totp', params: [] }]))[0]?.rows).toEqual([{ last_step: 12 }]);
    });
  });

  it('is one gateway’s alone, until that one has gone', async () => {
    await withDb(async (_db, schema) => {
      await expect(openPostgresDb(options(schema))).rejects.toThrow(
        'The database is in use by another gateway; stop that one first',
      );
    });
    const schema = fresh();
    await (await openPostgresDb(options(schema))).close();
    await (await openPostgresDb(options(schema))).close();
  });

  it('leaves tables of a newer version alone', async () => {
    const schema = fresh();
    await (await openPostgresDb(options(schema))).close();
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(`UPDATE ${schema}.schema_version SET steps = steps + 1, oldest_usable = steps + 1, program = '9.9.9'`);
    await client.end();
    const known = schemas.identity.migrations.length;
    const tables = `its tables are at ${known + 1}, which a version that knows ${known + 1} can use`;
    await expect(openPostgresDb(options(schema))).rejects.toThrow(
      `The database was used by Wardgate 9.9.9 (${tables}, and this one, ${programVersion()}, knows ${known}); start the newer version`,
    );
  });

  it.each(['Upper', 'two words', "a'b", ''])('takes no schema "%s"', async (schema) => {
    await expect(openPostgresDb(options(schema))).rejects.toThrow('is not a plain name in small letters');
  });

  it('writes nothing while the server is away, and goes on by itself when it is back with what it confirmed', async () => {
    await withDb(async (db) => {
      await db.run([row('ada')]);
      await server.kill();
      await expect(db.run([row('bob')])).rejects.toThrow(Fault);
      await expect(db.run([count])).rejects.toThrow(Fault);
      await server.start();
      const held = async () => db.run([count]).catch(() => null);
      expect((await eventually(held, 'the database to be held again'))[0]?.rows).toEqual([{ n: 1 }]);
      expect((await db.run([row('bob')]))[0]?.changes).toBe(1);
    });
  });

  it('does nothing any more once it is closed', async () => {
    const db = await openPostgresDb(options(fresh()));
    await db.close();
    await expect(db.run([count])).rejects.toThrow('the state is closed');
  });
});

postgres.describe('several gateways on one server', () => {
  let server: PostgresServer;
  const log = new FakeLog();
  const options = { password: null, trust: null, plain: true, schema: 'together', log };
  const opened: PostgresDb[] = [];

  beforeAll(async () => {
    server = await startPostgres(dirname(postgres.path ?? ''));
  });

  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  afterAll(() => server.close());

  async function open(together: boolean): Promise<PostgresDb> {
    const one = await openPostgresDb({ ...options, url: server.url, together });
    opened.push(one);
    return one;
  }

  it('write side by side, and one of them leads until it has gone', async () => {
    const [first, second] = [await open(true), await open(true)];
    const began: string[] = [];
    first.leadership.onLead(() => began.push('first'));
    second.leadership.onLead(() => began.push('second'));
    expect([first.leadership.leads, second.leadership.leads, began]).toEqual([true, false, ['first']]);
    await first.run([row('ada')]);
    expect((await second.run([row('bob'), count]))[1]?.rows).toEqual([{ n: 2 }]);
    await opened.shift()?.close();
    await eventually(() => second.leadership.leads || null, 'the second gateway to lead');
    expect([first.leadership.leads, began]).toEqual([false, ['first', 'second']]);
  });

  it('tells how long each list of statements took, and which failed', async () => {
    const told: unknown[] = [];
    const one = await openPostgresDb({ ...options, url: server.url, told: (...each) => told.push(each) });
    opened.push(one);
    await one.run([count]);
    await expect(one.run([{ sql: 'SELECT nothing', params: [] }])).rejects.toThrow('PostgreSQL did not do it');
    const took = expect.any(Number) as number;
    expect(told).toEqual([
      ['postgres', took, false],
      ['postgres', took, true],
    ]);
  });

  it('nobody leads while the server is away, exactly one does when it is back, and all write again', async () => {
    const both = [await open(true), await open(true)];
    await server.kill();
    await eventually(() => both.every(({ leadership }) => !leadership.leads) || null, 'nobody to lead');
    await server.start();
    await eventually(() => both.some(({ leadership }) => leadership.leads) || null, 'one to lead');
    for (const one of both) expect((await one.run([count]))[0]?.rows).toEqual([{ n: 2 }]);
    expect(both.filter(({ leadership }) => leadership.leads)).toHaveLength(1);
  });

  it('a gateway that hears nothing of others is not let in beside them, nor they beside it', async () => {
    await open(true);
    await expect(open(false)).rejects.toThrow('The database is in use by another gateway; stop that one first');
    for (const one of opened.splice(0)) await one.close();
    const alone = await open(false);
    expect(alone.leadership.leads).toBe(true);
    await expect(open(true)).rejects.toThrow('The database is in use by a gateway without store.redis; stop that one first');
  });
});

postgres.describe('versions side by side', () => {
  let server: PostgresServer;
  let schemaNumber = 0;
  let schema: string;
  const clients: Client[] = [];
  const steps = [1, 2, 3].map((step) => `CREATE TABLE step${step} (a TEXT) STRICT`);
  /** A version that knows so many steps, and says since which one its tables can be used. */
  const version = (knows: number, oldestUsable: number) => ({ migrations: steps.slice(0, knows), oldestUsable });
  const sessions = { migrations: [], oldestUsable: 0 };

  beforeAll(async () => {
    server = await startPostgres(dirname(postgres.path ?? ''));
  });

  beforeEach(() => {
    schema = `v${(schemaNumber += 1)}`;
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end();
  });

  afterAll(() => server.close());

  /** As a gateway of that version: it has its place first, and then looks at the tables. */
  async function start(knows: number, oldestUsable: number): Promise<number> {
    const name = `wardgate ${knows === 3 ? programVersion() : `0.0.${8 + knows}`}`;
    const options = { types: postgresTypes, options: `-c search_path=${schema}`, application_name: name };
    const client = new Client({ connectionString: server.url, ...options });
    await client.connect();
    clients.push(client);
    await tryLock(client, schema, 'use', true);
    await upgradePostgres(client, schema, { identity: version(knows, oldestUsable), sessions });
    const { rows } = await client.query<{ steps: number }>(`SELECT steps FROM schema_version WHERE database = 'identity'`);
    return rows[0]?.steps ?? 0;
  }

  it('an older one starts beside a newer one that says it may, and leaves its tables alone', async () => {
    expect([await start(3, 2), await start(2, 1)]).toEqual([3, 3]);
  });

  it('an older one leaves the functions of a newer one alone as well', async () => {
    await start(3, 2);
    const [client] = clients;
    await client?.query(`CREATE OR REPLACE FUNCTION ${schema}.json_extract(document TEXT, path TEXT) RETURNS TEXT LANGUAGE sql
      AS $$ SELECT 'newer' $$`);
    await start(2, 1);
    const asked = await client?.query<{ said: string }>(`SELECT json_extract('{"a":1}', '$.a') AS said`);
    expect(asked?.rows).toEqual([{ said: 'newer' }]);
  });

  it('a command beside them works as far as a gateway of its version would', async () => {
    const durable = { url: server.url, password: null, trust: null, plain: true, schema };
    await (await openPostgresDb({ ...durable, log: new FakeLog() })).close();
    const client = new Client({ connectionString: server.url });
    clients.push(client);
    await client.connect();
    const change = (words: string) => client.query(`UPDATE ${schema}.schema_version SET ${words} WHERE database = 'identity'`);
    await change('steps = steps + 1');
    await (await openPostgresBeside(durable)).close();
    await change('oldest_usable = steps');
    await expect(openPostgresBeside(durable)).rejects.toThrow('start the newer version');
    await change('steps = steps - 2, oldest_usable = 0');
    await expect(openPostgresBeside(durable)).rejects.toThrow('start the gateway of this version once');
  });

  it('an older one is refused where the newer one says that it may not', async () => {
    await start(3, 2);
    await expect(start(1, 1)).rejects.toThrow(
      `its tables are at 3, which a version that knows 2 can use, and this one, ${programVersion()}, knows 1); start the newer version`,
    );
  });

  it('a newer one changes the tables while older ones that may go on are at work', async () => {
    expect([await start(2, 1), await start(3, 2)]).toEqual([2, 3]);
  });

  it('a newer one waits for older ones that could not go on, and changes nothing until then', async () => {
    await start(1, 1);
    await expect(start(3, 2)).rejects.toThrow(
      `Gateways of an older version are at work (wardgate 0.0.9), and could not go on once the tables are changed by ${programVersion()} (from 1 to 3); stop them first`,
    );
    for (const client of clients.splice(0)) await client.end();
    expect(await start(3, 2)).toBe(3);
  });

  it.each(Object.entries(schemas))('%s: what this version says of itself can be', (_name, { migrations, oldestUsable }) => {
    expect(oldestUsable).toBeGreaterThan(0);
    expect(oldestUsable).toBeLessThanOrEqual(migrations.length);
  });
});
