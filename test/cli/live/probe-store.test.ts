// What `check --live` says of the servers that gateways share, on real ones.

import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probeStore } from '../../../src/cli/live/probe-store.ts';
import type { StoreSettings } from '../../../src/core/store/store-settings.ts';
import { startPostgres } from '../../support/postgres-server.ts';
import type { PostgresServer } from '../../support/postgres-server.ts';
import { plainRedis, RedisServers } from '../../support/redis-server.ts';
import type { RedisServer } from '../../support/redis-server.ts';
import { requirement } from '../../support/requirements.ts';

const [withPostgres, withRedis] = [requirement('postgres'), requirement('redis')];

it('nothing is asked of a gateway that keeps everything itself', async () => {
  const [only, ...others] = await probeStore({ dataDirectory: '/d', store: null });
  expect([only?.verdict, only?.says, others]).toEqual(['ok', expect.stringContaining('state is kept in "/d"'), []]);
});

(withRedis.path === null ? withRedis : withPostgres).describe('on real servers', () => {
  let postgres: PostgresServer;
  let redis: RedisServer;
  let servers: RedisServers;

  beforeAll(async () => {
    postgres = await startPostgres(dirname(withPostgres.path ?? ''));
    servers = new RedisServers(withRedis.path ?? '');
    redis = await servers.server();
  });

  afterAll(async () => {
    await servers.close();
    await postgres.close();
  });

  const store = (given: Partial<StoreSettings['durable']>, over: object = {}): StoreSettings => ({
    durable: { url: postgres.url, password: null, trust: null, plain: true, schema: 'wardgate', ...given },
    redis: { ...plainRedis, servers: [{ host: '127.0.0.1', port: redis.port }], ...over },
  });

  async function said(given: StoreSettings) {
    const found = await probeStore({ dataDirectory: '/d', store: given });
    return found.map(({ probe, verdict, says, fix }) => `${probe} ${verdict}: ${says}. ${fix ?? ''}`);
  }

  it('says what answers, and what a hospital should change', async () => {
    const [first, second] = await said(store({}));
    expect(first).toMatch(/^postgres failed: PostgreSQL \d+\S* answers, and does not write to its disk .* set fsync = on$/);
    expect(second).toMatch(/^redis warning: \d+\S* answers with 0 replicas, and throws no keys away; it is one server/);
  });

  it('says what is in the way', async () => {
    const port = 1;
    const [first, second] = await said(store({ url: 'postgres://w@127.0.0.1:1/w' }, { servers: [{ host: '127.0.0.1', port }] }));
    expect(first).toMatch(/^postgres failed: PostgreSQL cannot be used: .*ECONNREFUSED/);
    expect(second).toMatch(/^redis failed: Redis cannot be reached at 127\.0\.0\.1:1/);
    expect((await said(store({}, { replicas: 1 })))[1]).toContain('1 must have a change before it counts');
    expect((await said({ ...store({}), redis: null }))[1]).toContain('one gateway alone uses the PostgreSQL');
  });
});
