// Gateways over one PostgreSQL that were given different Redis servers would not hear of each other's changes: whoever comes second
// lets nobody in and says why. A Redis that lost everything, or that took another's place while nobody ran, is no other one.

import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openRedis } from '../../src/adapters/open-redis.ts';
import type { OpenRedis } from '../../src/adapters/open-redis.ts';
import { openPostgresDb } from '../../src/adapters/state-db-postgres.ts';
import type { PostgresDb } from '../../src/adapters/state-db-postgres.ts';
import { openStateEngine } from '../../src/adapters/state-engine.ts';
import { systemClock } from '../../src/adapters/clock-system.ts';
import { eventually } from '../support/demo-story.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { RedisServers } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { requirement } from '../support/requirements.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const available = requirement('postgres').available && requirement('redis').available;
const patience = 20_000;
const clock = systemClock;

interface Opened {
  readonly db: PostgresDb;
  readonly redis: OpenRedis;
  /** How often everything was read. */
  readonly reads: () => number;
}

let postgres: PostgresServer;
let servers: RedisServers;
let one: RedisServer;
let other: RedisServer;
const opened: { close(): void | Promise<void> }[] = [];

beforeAll(async () => {
  if (!available) return;
  postgres = await startPostgres(dirname(requirement('postgres').path ?? ''));
  servers = new RedisServers(requirement('redis').path ?? '');
  [one, other] = [await servers.server(), await servers.server()];
});
afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});
afterAll(async () => {
  if (!available) return;
  await servers.close();
  await postgres.close();
});

const durable = (schema: string) => ({ url: postgres.url, password: null, trust: null, plain: true, schema });

async function open(schema: string, server: RedisServer): Promise<Opened> {
  const log = new FakeLog();
  const db = await openPostgresDb({ ...durable(schema), together: true, log });
  opened.push(db);
  const redis = await openRedis(server.settings, { clock, log, streams: db.streams ?? undefined });
  opened.push(redis);
  let reads = 0;
  redis.changes.onMissed(() => Promise.resolve(void (reads += 1)));
  return { db, redis, reads: () => reads };
}

const isCurrent = ({ redis }: Opened) => eventually(() => redis.changes.current, 'it to be current', patience);

test.skipIf(!available)(
  'who hears another Redis is not current and says which; the first goes on, and has to go first',
  async () => {
    const first = await open('another', one);
    await isCurrent(first);
    const second = await open('another', other);
    const words = `hears the Redis 127.0.0.1:${one.port}/wardgate-test, and this one the Redis 127.0.0.1:${other.port}/wardgate-test; name the same one`;
    await eventually(() => second.redis.notices().some((notice) => notice.includes(words)), 'it to say why', patience);
    expect(second.redis.changes.current).toBe(false);
    expect(await second.redis.changes.caughtUp()).toBe(false);
    expect(second.reads()).toBe(1);
    expect(first.redis.changes.current).toBe(true);
    // What the first did was told where the second does not hear: all is read again before the second counts.
    first.redis.close();
    await isCurrent(second);
    expect(second.reads()).toBe(2);
    expect(second.redis.notices()).toEqual([]);
  },
);

test.skipIf(!available)(
  'a gateway does not start beside others with another Redis, and does beside those with its own',
  async () => {
    const first = await open('start', one);
    await isCurrent(first);
    const start = async (server: RedisServer) => {
      const store = { durable: durable('start'), redis: server.settings };
      return openStateEngine({ directory: temporaryDirectory(), store, clock, log: new FakeLog() });
    };
    await expect(start(other)).rejects.toThrow('Another gateway with the same PostgreSQL hears the Redis');
    const beside = await start(one);
    opened.push(beside);
    await eventually(() => beside.shared.changes.current, 'it to be current', patience);
    expect(first.redis.changes.current).toBe(true);
  },
);

test.skipIf(!available)('a Redis that comes back empty is everybody’s new one, without anybody doing anything', async () => {
  const both = [await open('empty', other), await open('empty', other)];
  for (const gateway of both) await isCurrent(gateway);
  const name = await other.command('GET', 'wardgate-test{changes}:id');
  await other.kill();
  await eventually(() => both.every(({ redis }) => !redis.changes.current), 'nobody to be current', patience);
  await other.start();
  for (const gateway of both) await isCurrent(gateway);
  expect(await other.command('GET', 'wardgate-test{changes}:id')).not.toBe(name);
  expect(both.flatMap(({ redis }) => redis.notices())).toEqual([]);
});

test.skipIf(!available)('one whose PostgreSQL was away is still with the others when it is back', async () => {
  const both = [await open('away', one), await open('away', one)];
  for (const gateway of both) await isCurrent(gateway);
  await postgres.kill();
  await eventually(() => both.every(({ db }) => db.trouble !== null), 'both to miss it', patience);
  expect(both.every(({ redis }) => redis.notices().length === 0)).toBe(true);
  await postgres.start();
  await eventually(() => both.every(({ db }) => db.trouble === null), 'both to have it again', patience);
  for (const gateway of both) await isCurrent(gateway);
  const third = await open('away', other);
  await eventually(() => third.redis.notices().some((notice) => notice.includes('name the same one')), 'it to say why', patience);
  expect(both.every(({ redis }) => redis.changes.current)).toBe(true);
});
