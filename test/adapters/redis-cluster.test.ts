// A Redis Cluster: the stream stands on whichever node holds its key, and commands go to the nodes of theirs.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RedisSettings } from '../../src/core/store/store-settings.ts';
import { RedisGateways, current, notCurrent } from '../support/redis-gateway.ts';
import { RedisServers, plainRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { requirement } from '../support/requirements.ts';

const redis = requirement('redis');

redis.describe('a Redis Cluster of three', () => {
  let servers: RedisServers;
  let nodes: readonly RedisServer[];
  let settings: RedisSettings;
  const gateways = new RedisGateways();

  beforeAll(async () => {
    servers = new RedisServers(redis.path ?? '');
    nodes = await servers.cluster();
    settings = { ...plainRedis, kind: 'cluster', servers: nodes.flatMap((node) => node.settings.servers) };
  });
  afterEach(() => gateways.close());
  afterAll(() => servers.close());

  test('carries what is told, by any node as the first', async () => {
    const first = await gateways.open(settings);
    const second = await gateways.open({ ...settings, servers: settings.servers.slice(2) });
    expect(await first.changes.tell('sessions-ended', ['x'])).toBe(true);
    expect(await second.changes.caughtUp()).toBe(true);
    expect(second.heard).toEqual(['everything', 'x']);
  });

  test('has turns and scripts on the nodes of their keys', async () => {
    const gateway = await gateways.open(settings);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      expect(await gateway.turns.run(name, async () => Promise.resolve(name))).toBe(name);
      expect(await gateway.client.eval(`return redis.call('INCR', KEYS[1])`, `{${name}}`, [])).toBe(1);
    }
  });

  test('comes back with the node that holds the stream', async () => {
    const gateway = await gateways.open(settings);
    const slot = Number(await nodes[0]?.command('CLUSTER', 'KEYSLOT', 'wardgate-test{changes}'));
    const holder = nodes[[5461, 10923, 16384].findIndex((end) => slot < end)];
    holder?.stop();
    await notCurrent(gateway);
    holder?.continue();
    await current(gateway);
    expect(gateway.heard.length).toBeGreaterThan(1);
  });
});
