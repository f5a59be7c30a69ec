// The index that several gateways share: each brings its own log, and asks about all of them.

import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, expect, test } from 'vitest';
import { SharedAuditDb } from '../../src/adapters/audit-shared-db.ts';
import { sharedAuditForm, upgradeSharedAudit } from '../../src/adapters/audit-shared-schema.ts';
import { postgresConfig } from '../../src/adapters/postgres-config.ts';
import type { Form } from '../../src/adapters/postgres-form.ts';
import { programVersion } from '../../src/adapters/program-version.ts';
import { openPostgresDb } from '../../src/adapters/state-db-postgres.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { gatewayNumber } from '../../src/adapters/audit-gateway-number.ts';
import type { OpenIndex } from '../support/index-engines.ts';
import type { SignedAuditLog } from '../../src/adapters/audit-log-file.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../../src/core/audit/entry.ts';
import { recordName } from '../../src/core/audit/record-number.ts';
import type { RecordQuery } from '../../src/search-ports.ts';
import { auditDirectory, openTestLog, removeAuditDirectories } from '../support/audit-log.ts';
import { openShared, storeOn, withPostgres } from '../support/index-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const noon = Date.parse('2026-11-23T12:00:00.000Z');
const minute = 60_000;
const ada = { issuer: 'https://idp', sub: '1', name: 'ada' };
const noPause = () => Promise.resolve();

afterAll(removeAuditDirectories);

interface Gateway {
  readonly directory: string;
  readonly log: SignedAuditLog;
  readonly write: (event: AuditEvent, time: number, fields?: Partial<AuditEntry>) => Promise<void>;
}

async function gateway(directory = auditDirectory()): Promise<Gateway> {
  const log = await openTestLog(directory);
  const write: Gateway['write'] = async (event, time, fields = {}) => (await log.append(auditEntry(event, time, fields))).durable;
  return { directory, log, write };
}

/** Until all that is on the disk is in it. */
async function upToDate(index: OpenIndex, last: number): Promise<void> {
  do {
    await index.catchUp(noPause);
    await setImmediate();
  } while ((await index.records().search({}, 1)).indexed % 1_000_000_000_000 < last);
}

async function named(index: OpenIndex, query: RecordQuery, most = 20): Promise<readonly string[]> {
  const { requests } = await index.records().search(query, most);
  return requests.map(({ sequence, outcome }) => `${recordName(sequence)}${outcome === null ? '' : `-${recordName(outcome)}`}`);
}

withPostgres('two gateways', (server) => {
  test('find the records of both by their time, on whichever one asks, and page by page', async () => {
    const [one, two] = [await gateway(), await gateway()];
    for (const at of [1, 3, 5]) {
      await one.write('attempt', noon + at * minute, { request: `a-${at}`, subject: ada });
      await one.write('outcome', noon + at * minute, { request: `a-${at}`, subject: ada, decision: 'allowed', bytesOut: 10 });
      await two.write('refusal', noon + (at + 1) * minute, { request: `b-${at}`, subject: { ...ada, name: 'ada.king' } });
    }
    const [first, second] = [
      await openShared(server(), one.directory, 'pages'),
      await openShared(server(), two.directory, 'pages'),
    ];
    await Promise.all([upToDate(first, 6), upToDate(second, 3)]);
    const all = ['2/3', '5-6', '2/2', '3-4', '2/1', '1-2'];
    expect(await named(first, {})).toEqual(all);
    expect(await named(second, { subject: ada })).toEqual(all);
    expect(await named(second, { person: 'ada' })).toEqual(['5-6', '3-4', '1-2']);
    const seen: string[] = [];
    let before: number | null = Number.MAX_SAFE_INTEGER;
    while (before !== null) {
      const page = await first.records().search({ before }, 2);
      seen.push(...page.requests.map(({ sequence }) => recordName(sequence)));
      before = page.next;
      // What comes in meanwhile from the other moves no page.
      await two.write('refusal', noon + 9 * minute, { subject: ada });
      await second.catchUp(noPause);
    }
    expect(seen).toEqual(['2/3', '5', '2/2', '3', '2/1', '1']);
    const records = first.records();
    expect((await records.tally({ event: 'outcome' }, ['person'])).rows).toMatchObject([
      { keys: ['ada'], count: 3, bytesOut: 30 },
    ]);
    expect(await records.firsts([{ person: 'ada.king', patient: null }])).toEqual([noon + minute]);
    expect((await records.hours(noon, noon)).map(({ event, count }) => `${event} ${count}`)).toContain('outcome 3');
    await Promise.all([first.close(), second.close(), one.log.close(), two.log.close()]);
  });

  test('say of a record that is not there what stands before it', async () => {
    const [one, two] = [await gateway(), await gateway()];
    for (const at of [1, 3]) {
      await one.write('alert', noon + at * minute);
      await two.write('alert', noon + (at + 1) * minute);
    }
    const [first, second] = [
      await openShared(server(), one.directory, 'before'),
      await openShared(server(), two.directory, 'before'),
    ];
    await upToDate(first, 2);
    await upToDate(second, 2);
    expect(await named(first, { before: 3 })).toEqual(['2', '2/1', '1']);
    expect(await named(first, { before: 2 })).toEqual(['2/1', '1']);
    expect(await named(first, { before: 1_000_000_000_001 })).toEqual(['1']);
    expect(await named(first, { before: 2_000_000_000_001 })).toEqual(['2/2', '2', '2/1', '1']);
    expect(await named(first, { record: 1_000_000_000_002 })).toEqual(['2/2']);
    await Promise.all([first.close(), second.close(), one.log.close(), two.log.close()]);
  });

  test('were on watch where one of them was, unless one ended without a word', async () => {
    const [one, two] = [await gateway(), await gateway()];
    await one.write('start', noon);
    for (let at = 1; at < 10; at += 1) await one.write('heartbeat', noon + at * minute);
    await one.write('stop', noon + 10 * minute);
    await two.write('start', noon + 5 * minute);
    for (let at = 6; at < 20; at += 1) if (at < 13 || at > 16) await two.write('heartbeat', noon + at * minute);
    const [first, second] = [
      await openShared(server(), one.directory, 'watch'),
      await openShared(server(), two.directory, 'watch'),
    ];
    await upToDate(first, 11);
    await upToDate(second, 11);
    const watched = await second.records().watch(noon, noon + 19.5 * minute);
    expect(watched.gaps.map(({ kind, from, until }) => [kind, (from - noon) / minute, (until - noon) / minute])).toEqual([
      ['silent', 12, 17],
    ]);
    expect(watched.records).toMatchObject({ first: 1, last: 1_000_000_000_011, count: 22 });
    expect(watched.ownRecords).toMatchObject({ first: 1_000_000_000_001, count: 11 });
    expect(watched.together).toEqual({ logs: 2, ownLast: 11 });
    await Promise.all([first.close(), second.close(), one.log.close(), two.log.close()]);
  });

  test('have nothing twice and nothing left out, wherever one is stopped', async () => {
    const one = await gateway();
    for (let at = 0; at < 40; at += 1) {
      await one.write('attempt', noon + at, { request: `r-${at}` });
      if (at % 2 === 0) await one.write('outcome', noon + at, { request: `r-${at}`, decision: 'allowed' });
    }
    for (let at = 1; at < 40; at += 2) await one.write('outcome', noon + at, { request: `r-${at}`, decision: 'allowed' });
    // Each one is stopped between two transactions, and the next begins where it was.
    let stopped = 0;
    for (let tries = 0; tries < 3; tries += 1) {
      const index = await openShared(server(), one.directory, 'stopped');
      await index.catchUp(() => Promise.reject(new Error('stopped'))).catch(() => (stopped += 1));
      await index.close();
    }
    const two = [await openShared(server(), one.directory, 'stopped'), await openShared(server(), one.directory, 'stopped')];
    await Promise.all(two.map((index) => upToDate(index, 80)));
    expect(stopped).toBeGreaterThan(0);
    expect(await named(two[0]!, {}, 100)).toHaveLength(40);
    expect(await named(two[0]!, { event: 'attempt' })).toEqual([]);
    expect(await two[1]!.records().hours(noon, noon)).toMatchObject([{ event: 'outcome', count: 40 }]);
    await Promise.all([...two.map((index) => index.close()), one.log.close()]);
  });

  test('begin anew with a log that was put back from an older state, and leave the others’ rows', async () => {
    const [one, two] = [await gateway(), await gateway()];
    await one.write('start', noon);
    await two.write('start', noon);
    const backup = join(temporaryDirectory(), 'backup');
    await one.log.close();
    cpSync(one.directory, backup, { recursive: true });
    const later = await gateway(one.directory);
    for (const at of [1, 2, 3]) await later.write('alert', noon + at);
    const [first, second] = [
      await openShared(server(), one.directory, 'restored'),
      await openShared(server(), two.directory, 'restored'),
    ];
    await upToDate(first, 4);
    await upToDate(second, 1);
    await first.close();
    await later.log.close();
    rmSync(one.directory, { recursive: true });
    cpSync(backup, one.directory, { recursive: true });
    const restored = await gateway(one.directory);
    await restored.write('restored', noon + 5);
    const again = await openShared(server(), one.directory, 'restored');
    await again.catchUp(noPause);
    await upToDate(again, 2);
    expect(await named(second, {})).toEqual(['2', '2/1', '1']);
    expect((await second.records().hours(noon, noon)).map(({ event, count }) => `${event} ${count}`)).toEqual([
      'restored 1',
      'start 2',
    ]);
    await Promise.all([again.close(), second.close(), restored.log.close(), two.log.close()]);
  });

  test('take texts that PostgreSQL would refuse', async () => {
    const one = await gateway();
    await one.write('outcome', noon, {
      request: 'r-1',
      detail: 'NUL \u0000 and half \uD800',
      subject: { ...ada, name: 'a\u0000da' },
    });
    const index = await openShared(server(), one.directory, 'hostile');
    await upToDate(index, 1);
    expect(await named(index, { person: 'a\u0000da' })).toEqual(['1']);
    expect(await named(index, { person: 'ada', text: '\u0000' })).toEqual([]);
    await Promise.all([index.close(), one.log.close()]);
  });

  test('have a number for good, kept beside them as well', async () => {
    const db = new SharedAuditDb(storeOn(server(), 'numbers'));
    const [home, other] = [temporaryDirectory(), temporaryDirectory()];
    const asked = await Promise.all(['log-a', 'log-b', 'log-c'].map((log) => gatewayNumber(db, log, temporaryDirectory(), noon)));
    expect(asked.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(await gatewayNumber(db, 'log-d', home, noon)).toBe(4);
    expect(await gatewayNumber(db, 'log-d', other, noon)).toBe(4);
    // A database of before knows nothing of it.
    await db.ask('DELETE FROM audit_gateways WHERE number = 4');
    expect(await gatewayNumber(db, 'log-d', home, noon)).toBe(4);
    await db.ask("UPDATE audit_gateways SET log = 'log-e' WHERE number = 4");
    await expect(gatewayNumber(db, 'log-d', home, noon)).rejects.toThrow('gave number 4 to another gateway');
    // A new log in the same data directory is another gateway.
    expect(await gatewayNumber(db, 'log-f', home, noon)).toBe(5);
    await db.ask("UPDATE audit_gateways SET number = 9 WHERE log = 'log-f'");
    await expect(gatewayNumber(db, 'log-f', home, noon)).rejects.toThrow(/says that this is gateway 9/);
    await db.close();
  });

  /** What `sharedAuditForm` and a further step would be in a newer version. */
  const newerForm = (oldestUsable: number): Form => ({
    oldestUsable,
    migrations: [...sharedAuditForm.migrations, 'ALTER TABLE audit_requests ADD COLUMN ward TEXT'],
  });

  test('are used beside those of a newer version that says they may, and refused with both named otherwise', async () => {
    const one = await gateway();
    await one.write('alert', noon);
    const store = storeOn(server(), 'newer');
    const [config, known] = [postgresConfig(store), sharedAuditForm.migrations.length];
    await (await openShared(server(), one.directory, 'newer')).close();
    await upgradeSharedAudit(config, store.schema, newerForm(known));
    const beside = await openShared(server(), one.directory, 'newer');
    await upToDate(beside, 1);
    expect(await named(beside, {})).toEqual(['1']);
    const client = new Client(config);
    await client.connect();
    await client.query('UPDATE schema_version SET oldest_usable = steps');
    const tables = `its tables are at ${known + 1}, which a version that knows ${known + 1} can use`;
    await expect(openShared(server(), one.directory, 'newer')).rejects.toThrow(tables);
    await client.end();
    await Promise.all([beside.close(), one.log.close()]);
  });

  test('are not changed under gateways that could not go on', async () => {
    const store = storeOn(server(), 'older');
    const [config, known] = [postgresConfig(store), sharedAuditForm.migrations.length];
    await upgradeSharedAudit(config, store.schema);
    const older = await openPostgresDb({ ...store, together: true, log: new FakeLog() });
    await expect(upgradeSharedAudit(config, store.schema, newerForm(known + 1))).rejects.toThrow(
      `could not go on once the tables are changed by ${programVersion()} (from ${known} to ${known + 1}); stop them first`,
    );
    await older.close();
    await upgradeSharedAudit(config, store.schema, newerForm(known + 1));
  });

  test('go on once PostgreSQL is back', async () => {
    const one = await gateway();
    await one.write('start', noon);
    const index = await openShared(server(), one.directory, 'gone');
    await upToDate(index, 1);
    await server().kill();
    await one.write('alert', noon + 1);
    await expect(index.catchUp(noPause)).rejects.toThrow();
    await expect(index.records().search({}, 1)).rejects.toThrow();
    await server().start();
    await upToDate(index, 2);
    expect(await named(index, {})).toEqual(['2', '1']);
    expect(index.behind).toBe(0);
    await Promise.all([index.close(), one.log.close()]);
  });
});
