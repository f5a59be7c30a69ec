// A Redis with replicas, and one of them taking the master's place: what was confirmed is kept, what was not is told again, and
// nobody is current who may have missed it.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RedisSettings } from '../../src/core/store/store-settings.ts';
import { eventually } from '../support/demo-story.ts';
import { RedisGateways, notCurrent, noticed } from '../support/redis-gateway.ts';
import { RedisServers, plainRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { requirement } from '../support/requirements.ts';

const redis = requirement('redis');

redis.describe('a master with two replicas and a Sentinel', () => {
  let servers: RedisServers;
  let master: RedisServer;
  let replicas: readonly RedisServer[];
  let settings: RedisSettings;
  const gateways = new RedisGateways();

  beforeAll(async () => {
    servers = new RedisServers(redis.path ?? '');
    master = await servers.server();
    replicas = [await servers.replicaOf(master), await servers.replicaOf(master)];
    const sentinel = await servers.sentinelOf(master, 'clinic', replicas.length);
    settings = { ...plainRedis, kind: 'sentinel', sentinelName: 'clinic', servers: sentinel.settings.servers, replicas: 1 };
  });
  afterEach(() => gateways.close());
  afterAll(() => servers.close());

  test('counts as told once a replica has it, and nothing is current while none answers', async () => {
    const [first, second] = [await gateways.open(settings), await gateways.open(settings)];
    expect(await first.changes.tell('sessions-ended', ['before'])).toBe(true);
    for (const replica of replicas) replica.stop();
    await notCurrent(first, second);
    expect(await gateways.end(first, 'x')).toBe(false);
    expect(await second.changes.caughtUp()).toBe(false);
    await noticed(first, '503');
    expect(first.changes.figures().unconfirmed).toBe(1);
    for (const replica of replicas) replica.continue();
    await gateways.hasEnded('x', first, second);
  });

  test('a Sentinel that asks too few replicas to confirm is told of', async () => {
    const gateway = await gateways.open({ ...settings, replicas: 0 });
    await noticed(gateway, 'No replica has to confirm');
  });

  test('a fail-over that loses what was told: it is told again, and everything is read before anything is current', async () => {
    const [first, second] = [await gateways.open(settings), await gateways.open(settings)];
    for (const replica of replicas) replica.stop();
    // On the master alone, which hears nothing more of it.
    expect(await gateways.end(first, 'lost')).toBe(false);
    await master.kill();
    for (const replica of replicas) replica.continue();
    await notCurrent(first, second);
    await gateways.hasEnded('lost', first, second);
    expect(second.heard.filter((one) => one === 'everything').length).toBeGreaterThan(1);
    expect(await gateways.end(second, 'after')).toBe(true);
    await gateways.hasEnded('after', second, first);
    // Commands have found the new master as well.
    expect(await eventually(async () => first.turns.run('a turn', async () => Promise.resolve('done')).catch(() => null))).toBe(
      'done',
    );
  });
});
