// Budgets that hold across gateways, over a real Redis: exact where both count at once, refused where Redis is gone, and never a
// fresh budget because Redis lost one. What stands behind it stands on both engines.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readBudget } from '../../src/adapters/budget-row.ts';
import type { RedisBudgetBook } from '../../src/adapters/budget-book-redis.ts';
import { RedisCommands } from '../../src/adapters/redis-commands.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import type { BudgetAccount } from '../../src/budget-ports.ts';
import { BudgetGateways, BudgetTestDb, openPatient, SentReply, standing, takeFile, today } from '../support/budget-gateways.ts';
import { budgetOf, noon } from '../support/download-fakes.ts';
import { FakeBudgetRedis } from '../support/fake-budget-redis.ts';
import { patientRedis } from '../support/patient-redis.ts';
import type { PatientRedis } from '../support/patient-redis.ts';
import { RedisServers } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { requirement } from '../support/requirements.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const unavailable = { code: 'session-store-unavailable' };
const budget = budgetOf({ filesPerHour: 10, patientsPerHour: 10, bytesPerDay: 1_000_000 });
const numbered = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const admitted = (answers: readonly boolean[]): number => answers.filter(Boolean).length;

const real = requirement('redis');

real.describe('two gateways over one Redis', () => {
  let servers: RedisServers;
  let server: RedisServer;
  let ways: readonly PatientRedis[];
  let db: BudgetTestDb;
  let gateways: BudgetGateways;
  let books: readonly RedisBudgetBook[];
  let accounts: readonly BudgetAccount[];
  const turns = (count: number) => numbered(count).map((index) => [accounts[index % 2]!, index] as const);
  beforeAll(async () => {
    servers = new RedisServers(real.path ?? '');
    server = await servers.server();
    ways = [patientRedis([server]), patientRedis([server])];
  });
  afterAll(async () => {
    for (const way of ways) way.close();
    await servers.close();
  });
  beforeEach(async () => {
    await server.command('FLUSHALL');
    db = new BudgetTestDb();
    gateways = new BudgetGateways(ways[0]!, db);
    // What is tried here is what is counted; how long it takes depends on the machine.
    gateways.answerMilliseconds = 10_000;
    books = ways.map((redis) => gateways.book({ redis }));
    accounts = await Promise.all(books.map(async (book) => book.account('p')));
  });
  afterEach(async () => {
    server.continue();
    await gateways.close();
    db.database.close();
  });

  test('fifty admissions at the same moment from both give exactly the limit', async () => {
    const files = await Promise.all(turns(50).map(([account, index]) => takeFile(account, budget, `file ${index}`)));
    expect(admitted(files.map(({ admit }) => admit))).toBe(10);
    const patients = await Promise.all(turns(50).map(([account, index]) => openPatient(account, budget, `patient ${index}`)));
    expect(admitted(patients)).toBe(10);
    expect(await Promise.all(accounts.map(standing))).toMatchObject([{ files: { length: 10 } }, { patients: { size: 10 } }]);
  });

  test('the hour of each patient slides, whichever gateway opened them', async () => {
    for (const [account, index] of turns(10)) await openPatient(account, budget, `patient ${index}`, noon + index * 60_000);
    const at = noon + 3_600_000;
    gateways.time = at + 60_000;
    const answers = await Promise.all(
      turns(8).map(([account, index]) => openPatient(account, budget, `new ${index}`, at + 60_000)),
    );
    expect(admitted(answers)).toBe(2);
  });

  test('promises of bytes are never more than the day has, and all are given back', async () => {
    const files = await Promise.all(
      turns(40).map(([account, index]) => takeFile(account, { ...budget, filesPerHour: null }, `f${index}`, 90_000)),
    );
    const replies = files.flatMap(({ charge }, index) => (charge ? [new SentReply(accounts[index % 2]!, budget, charge)] : []));
    // Eleven whole ones, and the one single file that may run past the budget.
    expect(replies).toHaveLength(12);
    for (const reply of replies) reply.send(80_000);
    for (const reply of replies) reply.end();
    for (const account of [...accounts, ...accounts]) await standing(account);
    expect(await standing(accounts[0]!)).toMatchObject({ bytes: 12 * 80_000, reservedBytes: 0, overdrawn: false });
  });

  test('a key names nobody and ends by itself, and what it holds names no patient', async () => {
    await openPatient(accounts[0]!, budget, books[0]!.key('ehr 4711'));
    const [key = '', ...more] = (await server.command('KEYS', '*')) as string[];
    expect([more, key]).toEqual([[], expect.stringMatching(/^clinic:\{[\w-]{43}\}budget$/) as string]);
    expect(Number(await server.command('PTTL', key))).toBeGreaterThan(26 * 3_600_000);
    expect(JSON.stringify(await server.command('HGETALL', key))).not.toContain('4711');
    expect(books[0]!.key('ehr 4711')).toBe(books[1]!.key('ehr 4711'));
  });

  describe('asked as a gateway asks', () => {
    let commands: RedisCommands;
    let account: BudgetAccount;
    let reply: SentReply;
    beforeEach(async () => {
      commands = await RedisCommands.open({ ...server.settings, prefix: 'clinic:' });
      account = await gateways.book({ redis: commands, answerMilliseconds: 400 }).account('p');
      reply = new SentReply(account, budget, { left: 0, taken: 0, finishes: false, overdraws: false, day: today });
    });
    afterEach(() => commands.close());
    const bytes = async () => standing(accounts[1]!).then((state) => state.bytes);

    test('killed, it refuses; back and empty, the budget is what it was', async () => {
      for (const [one, index] of turns(10)) await openPatient(one, budget, `patient ${index}`);
      for (const book of books) await book.flush();
      await server.kill();
      await expect(openPatient(account, budget, 'patient 1')).rejects.toMatchObject(unavailable);
      const fresh = gateways.book({ redis: commands, answerMilliseconds: 400 });
      await expect(fresh.account('p')).rejects.toMatchObject(unavailable);
      expect(reply.send(5000)).toBe('within');
      await server.start();
      await expect.poll(() => openPatient(account, budget, 'patient 11').catch(() => null)).toBe(false);
      expect(await openPatient(await fresh.account('p'), budget, 'patient 11')).toBe(false);
      await expect.poll(bytes).toBe(5000);
    });

    test('hanging, it refuses; bytes under way go on and are counted afterwards, once', async () => {
      server.stop();
      reply.send(1000);
      await expect(openPatient(account, budget, 'a')).rejects.toMatchObject(unavailable);
      reply.send(1000);
      server.continue();
      await expect.poll(bytes).toBe(2000);
    });
  });

  test.each([
    [
      'of another kind',
      (key: string) => [
        ['DEL', key],
        ['SET', key, 'x'],
      ],
    ],
    ['that nobody can read', (key: string) => [['HSET', key, 'version', '1 x', 'value', '{"version":9}']]],
  ])('a key %s refuses', async (_name, spoil) => {
    const [key = ''] = (await server.command('KEYS', '*')) as string[];
    for (const [command = '', ...args] of spoil(key)) await server.command(command, ...args);
    await expect(openPatient(accounts[0]!, budget, 'a')).rejects.toMatchObject(unavailable);
    await expect(gateways.book().account('p') as Promise<BudgetAccount>).rejects.toMatchObject(unavailable);
  });
});

real.describe('a cluster', () => {
  test('keeps everybody on one node each, and counts exactly', async () => {
    const servers = new RedisServers(real.path ?? '');
    const nodes = await servers.cluster();
    const ways = [patientRedis(nodes), patientRedis(nodes)];
    const db = new BudgetTestDb();
    const gateways = new BudgetGateways(ways[0]!, db);
    gateways.answerMilliseconds = 10_000;
    try {
      const books = ways.map((redis) => gateways.book({ redis }));
      const opened = numbered(12).map(async (person) => {
        const both = await Promise.all(books.map(async (book) => book.account(`person ${person}`)));
        const answers = numbered(16).map((index) => openPatient(both[index % 2]!, budget, `patient ${index}`));
        return admitted(await Promise.all(answers));
      });
      expect(await Promise.all(opened)).toEqual(numbered(12).map(() => 10));
      const sizes = await Promise.all(nodes.map(async (node) => Number(await node.command('DBSIZE'))));
      expect(sizes.reduce((sum, size) => sum + size)).toBe(12);
      expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(1);
    } finally {
      await gateways.close();
      db.database.close();
      for (const way of ways) way.close();
      await servers.close();
    }
  });
});

onEachEngine(() => {
  let db: StateDb;
  let gateways: BudgetGateways;
  beforeEach(async () => {
    db = await openStateDb(temporaryDirectory());
    gateways = new BudgetGateways(new FakeBudgetRedis(), db);
  });
  afterEach(async () => {
    await gateways.close();
    await db.close();
  });
  const row = async () => {
    const [result] = await db.run('sessions', [{ sql: 'SELECT state FROM download_budgets', params: [] }]);
    const [one] = result?.rows ?? [];
    return one === undefined ? null : [...readBudget(String(one['state'])).patients.keys()];
  };

  test('the row is never set back by a gateway that knows less, whoever writes last', async () => {
    const [early, late] = [gateways.book(), gateways.book()];
    await openPatient(await early.account('p'), budget, 'a');
    await openPatient(await late.account('p'), budget, 'b');
    await late.flush();
    expect(await row()).toEqual(['a', 'b']);
    await early.flush();
    expect(await row()).toEqual(['a', 'b']);
  });

  test('a row whose time has passed is forgotten', async () => {
    const book = gateways.book();
    await openPatient(await book.account('p'), budget, 'a');
    await book.flush();
    gateways.time += 27 * 3_600_000 + 1000;
    await book.flush();
    expect(await row()).toBeNull();
  });

  test('a gateway that is stopped leaves everything written', async () => {
    const book = gateways.book();
    const account = await book.account('p');
    await openPatient(account, budget, 'a');
    account.changeNow((state) => ({ state: { ...state, day: today, bytes: 77 }, result: undefined }));
    await book.close();
    const afresh = new BudgetGateways(new FakeBudgetRedis(), db);
    expect(await standing(await afresh.book().account('p'))).toMatchObject({ bytes: 77, patients: { size: 1 } });
    await afresh.close();
  });
});

describe('a book that cannot write its rows', () => {
  test('says so, keeps them, and writes them after', async () => {
    const db = new BudgetTestDb();
    const gateways = new BudgetGateways(new FakeBudgetRedis(), db);
    const book = gateways.book({ flushEveryMilliseconds: 1 });
    const account = await book.account('p');
    db.failure = new Error('disk full');
    await openPatient(account, budget, 'a');
    await expect.poll(() => gateways.failures).toContain(db.failure);
    db.failure = null;
    await expect.poll(() => db.people()).toEqual(['p']);
    await gateways.close();
    db.database.close();
  });
});
