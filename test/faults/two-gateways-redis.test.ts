// Redis answers two gateways and does not do what it is told: it became a replica, misses its own, has no memory left, takes a right
// away, or holds something else where our stream or a person's budget stands. Whoever cannot know says 503 with the reason on
// record and in the log, nobody is signed out, and all goes on once Redis is well.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askOnce } from '../support/at-work.ts';
import { allIsAccounted, BothAtWork, keptAt, sameAt, soon } from '../support/both-at-work.ts';
import { endCommands } from '../support/command.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { everythingAt } from '../support/running-at.ts';
import { twoGateways } from '../support/two-gateways.ts';
import type { TwoGateways } from '../support/two-gateways.ts';

const available = requirement('postgres').available && requirement('redis').available;
const stream = 'wardgate{changes}';

let two: TwoGateways;
let chart = '';
let nurse: CookieClient;
let physician: CookieClient;
/** Signed out at A before anything failed. */
let gone: CookieClient;
let working: BothAtWork | null = null;

beforeAll(async () => {
  if (!available) return;
  two = await twoGateways();
  chart = `${two.origin}/chart?pid=7`;
  nurse = await two.signIn(two.a, 'nurse');
  physician = await two.signIn(two.b, 'physician');
  const leaving = await two.signIn(two.a, 'records');
  gone = keptAt(two, two.a, leaving);
  await leaving.form(`${two.origin}/.wardgate/sign-out`, {});
});
afterEach(async () => {
  await working?.stop();
  working = null;
});
afterAll(async () => {
  await endCommands();
  if (available) await two.close();
});

/** What is done to Redis, what undoes it, and a word of what is said of it. */
type Trouble = readonly [what: string, begin: readonly string[], end: readonly string[], said: string];

const troubles: readonly Trouble[] = [
  ['became a replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], 'replica'],
  [
    'misses its replicas',
    ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
    ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    'misses',
  ],
  ['has no memory left', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'], 'maxmemory'],
  ['takes the right to write', ['ACL', 'SETUSER', 'default', '-xadd'], ['ACL', 'SETUSER', 'default', '+xadd'], 'ACL SETUSER'],
  ['takes the right to read', ['ACL', 'SETUSER', 'default', '-xread'], ['ACL', 'SETUSER', 'default', '+xread'], 'ACL SETUSER'],
  ['holds something else in the place of the stream', ['SET', stream, 'theirs'], ['DEL', stream], 'not ours'],
];

/** A word of it stands in the log of both and on both pages of health. */
async function bothSay(said: string): Promise<void> {
  for (const gateway of [two.a, two.b]) {
    await eventually(async () => (await gateway.ready()).text.includes(said), `"${said}" on the page of health`, soon);
    const { status, text } = await gateway.ready();
    expect([status, text]).toEqual([503, expect.stringContaining(said)]);
    expect(gateway.process.stdout()).toContain(said);
  }
}

const refusals = (directory: string): number =>
  records({ auditDirectory: directory }).filter(({ reason }) => reason === 'session-store-unavailable').length;

test.skipIf(!available).each(troubles)(
  'Redis %s: both say 503 and why, nobody is signed out, and all go on',
  async (_what, [begin = '', ...beginArgs], [end = '', ...endArgs], said) => {
    const work = (working = new BothAtWork(two, [nurse, physician], chart));
    await work.workAgain();
    const recorded = two.auditDirectories.map(refusals);
    await two.redis.command(begin, ...beginArgs);
    try {
      const before = await work.areRefused();
      expect(two.ehr.requests().length).toBe(before);
      await bothSay(said);
    } finally {
      await two.redis.command(end, ...endArgs);
    }
    await work.workAgain();
    const ready = async (): Promise<boolean> => (await two.a.ready()).status === 200 && (await two.b.ready()).status === 200;
    await eventually(ready, 'both to be ready', soon);
    for (const [index, directory] of two.auditDirectories.entries()) {
      await eventually(() => refusals(directory) > (recorded[index] ?? 0), 'the refusals on record', soon);
    }
    await allIsAccounted(two, gone, chart);
  },
);

/** The budgets of everybody, by their keys in Redis. */
const budgets = async (): Promise<readonly string[]> => (await two.redis.command('KEYS', 'wardgate*budget')) as readonly string[];
const ofBudgets =
  (name: string, ...args: readonly string[]) =>
  async (): Promise<void> => {
    for (const key of await budgets()) await two.redis.command(name, key, ...args);
  };
const rights =
  (...changed: readonly string[]) =>
  async (): Promise<unknown> =>
    two.redis.command('ACL', 'SETUSER', 'default', ...changed);

const refusedScripts: readonly (readonly [
  what: string,
  begin: () => Promise<unknown>,
  end: () => Promise<unknown>,
  said: string,
])[] = [
  ['takes the right to scripts', rights('-evalsha', '-eval'), rights('+evalsha', '+eval'), 'grant it by'],
  ['holds something else in the place of a budget', ofBudgets('SET', 'theirs'), ofBudgets('DEL'), 'holds what is not ours'],
];

test.skipIf(!available).each(refusedScripts)(
  'Redis %s: pages go on, downloads are told 503, and both say why until it is well',
  async (_what, begin, end, said) => {
    const download = `${two.origin}/files/large?megabytes=1`;
    const both = [two.a, two.b].map((gateway) => ({ gateway, client: sameAt(two, gateway, physician) }));
    const served = async (): Promise<void> => {
      for (const { client } of both)
        await eventually(async () => (await askOnce(client, download)).status === 200, 'a download', soon);
    };
    await served();
    const work = (working = new BothAtWork(two, [nurse, physician], `${two.origin}/main`));
    await work.workAgain();
    await begin();
    for (const { gateway, client } of both) {
      const told = await askOnce(client, download);
      expect([told.status, told.reason, told.clearsCookie]).toEqual([503, 'session-store-unavailable', false]);
      expect(told.retryAfter).toBeDefined();
      await eventually(async () => (await gateway.ready()).text.includes(said), 'a word of it on the page of health', soon);
      expect(gateway.process.stdout()).toMatch(/NOPERM|WRONGTYPE/);
    }
    await work.goOn();
    await end();
    await served();
    for (const { gateway } of both) expect((await gateway.ready()).text).not.toContain(said);
    await allIsAccounted(two, gone, chart);
  },
);

test.skipIf(!available)('Redis takes the right to scripts: nobody signs in and the log says why, and then they do', async () => {
  await rights('-evalsha', '-eval')();
  await expect(two.signIn(two.a, 'billing')).rejects.toThrow('Sessions cannot be looked up at the moment');
  const failed = two.a.process
    .stdout()
    .split('\n')
    .filter((line) => line.includes('A page of ours failed'));
  expect(failed.at(-1)).toContain('NOPERM');
  await rights('+evalsha', '+eval')();
  await two.signIn(two.a, 'billing');
});

test.skipIf(!available)(
  'Redis cut off from A while much runs at both: after a while it is cut at A, and at B it goes on',
  async () => {
    const atA = await everythingAt(two, two.a, sameAt(two, two.a, physician));
    const atB = await everythingAt(two, two.b, sameAt(two, two.b, physician));
    two.a.toRedis.blackHole();
    try {
      const last = atA.at(-1);
      expect(await last?.over).toBe(1013);
      for (const { readOn } of atA) readOn();
      const how = Object.fromEntries(await Promise.all(atA.map(async ({ kind, over }) => [kind, await over] as const)));
      expect(how).toEqual({ download: 'cut', 'event stream': 'cut', 'live connection': 1013 });
      expect(atB.map(({ seen }) => seen())).toEqual([null, null, null]);
      const outcomes = (directory: string): number =>
        records({ auditDirectory: directory }).filter(({ event, reason }) => event === 'outcome' && reason === 'session-unknown')
          .length;
      await eventually(() => outcomes(two.a.auditDirectory) >= 3, 'all three on record at A', soon);
      expect(outcomes(two.b.auditDirectory)).toBe(0);
    } finally {
      two.a.toRedis.weather();
    }
    const back = sameAt(two, two.a, physician);
    await eventually(async () => (await askOnce(back, `${two.origin}/main`)).status === 200, 'their session at A', soon);
    expect(atB.map(({ seen }) => seen())).toEqual([null, null, null]);
    await back.form(`${two.origin}/.wardgate/sign-out`, {});
    expect(await atB.at(-1)?.over).toBe(4401);
    for (const { readOn } of atB) readOn();
    expect(await Promise.all(atB.map(async ({ over }) => over))).toEqual(['cut', 'cut', 4401]);
    await allIsAccounted(two, gone, chart);
  },
);
