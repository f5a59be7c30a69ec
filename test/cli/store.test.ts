// `wardgate store move`, on the machine of a gateway that has been in use: what moves, what stays, and when nothing does.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openDatabaseFile } from '../../src/adapters/database-file.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import { openPostgresDb } from '../../src/adapters/state-db-postgres.ts';
import { SharedAuditDb } from '../../src/adapters/audit-shared-db.ts';
import { sharedTables } from '../../src/adapters/shared-tables.ts';
import { storeCommand } from '../../src/cli/store.ts';
import { told } from '../support/backup-clinic.ts';
import { command, endCommands } from '../support/command.ts';
import { eventually } from '../support/demo-story.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { storeOn, withPostgres } from '../support/index-engines.ts';
import { fillData } from '../support/state-fixture.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

afterEach(endCommands);

interface Home {
  readonly config: string;
  readonly data: string;
}

/** A gateway that has people, a session and a log, and is stopped; `store` is what its gateway.yaml says of one. */
async function stopped(store: string): Promise<Home> {
  const directory = temporaryDirectory();
  const data = join(directory, 'data');
  mkdirSync(data);
  await fillData(data, 1);
  const config = join(directory, 'gateway.yaml');
  writeFileSync(join(directory, 'rules.yaml'), 'roles: { nurse: G-Nurses }\nrules: [{ name: all, paths: /**, allow: nurse }]\n');
  writeFileSync(
    config,
    `clinic: { name: Northside, timezone: Europe/Berlin, hours: Mon-Fri 07:00-19:00, help: ext. 4357 }
listen: { port: 8443, certificate: ehr.pem, keyFile: ehr.key }
applications: { ehr: { address: 'https://ehr.northside.example', upstream: 'https://10.20.0.5', signOn: { header: X-User } } }
signIn: { issuer: 'https://login.northside.example', clientId: wardgate, clientSecretFile: secret }
secondFactor: { methods: totp }
lock: { everywhere: { after: 15m, endAfterLock: 30m, longest: 12h } }
masterKeyFile: data/master.key
${store}
`,
  );
  return { config, data };
}

const move = ({ config }: Home) => told(storeCommand, 'move', '--config', config);

/** All that would move, as it stands beside the gateway. */
function rowsBeside({ data }: Home): Record<string, readonly unknown[]> {
  const rows: Record<string, readonly unknown[]> = {};
  for (const name of ['identity', 'sessions'] as const) {
    const database = openDatabaseFile(data, name);
    for (const table of sharedTables(database)) rows[table] = database.prepare(`SELECT * FROM ${table}`).all();
    database.close();
  }
  return rows;
}

test('without a store there is nowhere to move to', async () => {
  expect(await move(await stopped(''))).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('names no PostgreSQL under store.durable'),
  });
});

test.each([[[]], [['copy']], [['move', '--to', 'x']]])('%j is wrong usage', async (args) => {
  expect(await told(storeCommand, ...args)).toMatchObject({ code: 2, err: expect.stringContaining('wardgate store move') });
});

withPostgres('with a PostgreSQL', (server) => {
  const inSchema = (schema: string) => stopped(`store: { durable: { url: "${server().url}", schema: ${schema} } }`);

  /** How many rows each table there holds that would be moved. */
  async function rowsShared(home: Home, schema: string): Promise<Record<string, number>> {
    const db = new SharedAuditDb(storeOn(server(), schema));
    const counts: Record<string, number> = {};
    for (const table of Object.keys(rowsBeside(home)))
      counts[table] = Number((await db.ask(`SELECT count(*) AS n FROM ${table}`))[0]?.['n']);
    await db.close();
    return counts;
  }

  test('everything that gateways share is there, and what stood beside the gateway stands as it was', async () => {
    const home = await inSchema('moved');
    const before = rowsBeside(home);
    const { code, out, err } = await move(home);
    expect([code, err]).toEqual([0, '']);
    const counts = Object.fromEntries(Object.entries(before).map(([table, rows]) => [table, rows.length]));
    expect(await rowsShared(home, 'moved')).toEqual(counts);
    const tables = Object.values(counts).filter((count) => count > 0);
    expect(out).toContain(
      `${tables.reduce((sum, count) => sum + count, 0)} rows of ${tables.length} tables stand in PostgreSQL now`,
    );
    expect(rowsBeside(home)).toEqual(before);
    // Once is enough, and a second time is refused.
    expect(await move(home)).toMatchObject({ code: 1, err: expect.stringContaining('was moved to PostgreSQL already') });
  });

  test('while a gateway runs on either side nothing moves', async () => {
    const home = await inSchema('running');
    const here = await openStateDb(home.data);
    expect(await move(home)).toMatchObject({ code: 1, err: expect.stringContaining('is in use by process') });
    await here.close();
    const there = await openPostgresDb({ ...storeOn(server(), 'running'), log: new FakeLog() });
    expect(await move(home)).toMatchObject({ code: 1, err: expect.stringContaining('The database is in use by a gateway') });
    await there.close();
    expect(Object.values(await rowsShared(home, 'running')).every((count) => count === 0)).toBe(true);
    expect((await move(home)).code).toBe(0);
  });

  test('where rows stand already nothing moves', async () => {
    const home = await inSchema('filled');
    const db = await openPostgresDb({ ...storeOn(server(), 'filled'), log: new FakeLog() });
    const sql = 'INSERT INTO offboarded (issuer, sub, name, at) VALUES (?, ?, ?, ?)';
    await db.run([{ sql, params: ['https://op.example', '1', 'ada', 0] }]);
    await db.close();
    expect(await move(home)).toMatchObject({ code: 1, err: expect.stringContaining('table "offboarded" holds 1 rows') });
  });

  test('where another gateway was first nothing moves', async () => {
    const home = await inSchema('first');
    const db = new SharedAuditDb(storeOn(server(), 'first'));
    await db.ask("INSERT INTO audit_gateways (number, log, added_at) VALUES (1, 'another log', 0)");
    await db.close();
    expect(await move(home)).toMatchObject({
      code: 1,
      err: 'Nothing was moved: another gateway has used this PostgreSQL already; name an empty schema\n',
    });
  });

  test.each(['the command is killed', 'PostgreSQL ends the connection'])(
    '%s in the middle: nothing of it stands there, nothing is marked as moved, and it goes through afterwards',
    async (how) => {
      const schema = how.includes('killed') ? 'killed' : 'ended';
      const home = await inSchema(schema);
      const before = rowsBeside(home);
      await (await openPostgresDb({ ...storeOn(server(), schema), log: new FakeLog() })).close();
      const db = new SharedAuditDb(storeOn(server(), schema));
      // Somebody else looks at the last table for long; all before it are written and wait.
      const last = Object.keys(before).findLast((table) => (before[table]?.length ?? 0) > 0) ?? '';
      const waits = `SELECT pid FROM pg_locks WHERE NOT granted AND relation = '${schema}.${last}'::regclass`;
      await db.transact(async (ask) => {
        await ask(`LOCK TABLE ${last} IN ACCESS EXCLUSIVE MODE`);
        const moving = command(['store', 'move', '--config', home.config]);
        let isOver = false;
        void moving.ended.then(() => (isOver = true));
        await eventually(async () => isOver || (await db.ask(waits)).length === 1, 'the move to wait', 30_000);
        if (schema === 'killed') expect(await moving.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
        else {
          await db.ask(`SELECT pg_terminate_backend(pid) FROM (${waits}) AS waiting`);
          expect((await moving.ended).code).toBe(1);
          expect(moving.stderr()).toContain('terminating connection');
        }
      });
      await db.close();
      expect(Object.values(await rowsShared(home, schema)).every((count) => count === 0)).toBe(true);
      expect(rowsBeside(home)).toEqual(before);
      expect(existsSync(join(home.data, 'moved-to-postgresql'))).toBe(false);
      expect(await move(home)).toMatchObject({ code: 0, err: '' });
    },
  );
});
