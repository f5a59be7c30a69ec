// A Redis that cannot be used is refused at the start, in words that name the fix; one that is set up by our own words is not.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RedisSettings } from '../../src/core/store/store-settings.ts';
import { aclRule } from '../../src/adapters/redis-refused.ts';
import { freePort } from '../../src/demo/free-port.ts';
import { makeCertificate } from '../support/certificate.ts';
import { RedisGateways } from '../support/redis-gateway.ts';
import { RedisServers, plainRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { requirement } from '../support/requirements.ts';

const redis = requirement('redis');

redis.describe('a Redis that cannot be used', () => {
  let servers: RedisServers;
  let server: RedisServer;
  const gateways = new RedisGateways();
  const listeners: Server[] = [];

  beforeAll(async () => {
    servers = new RedisServers(redis.path ?? '');
    server = await servers.server();
  });
  afterEach(async () => {
    gateways.close();
    for (const listener of listeners.splice(0)) listener.close();
    await server.command('FLUSHALL').catch(() => undefined);
  });
  afterAll(() => servers.close());

  async function refusal(settings: RedisSettings): Promise<string> {
    return gateways.open(settings).then(
      () => 'opened',
      (cause: unknown) => (cause instanceof Error ? cause.message : ''),
    );
  }

  /** Something that answers each time it is sent something. */
  async function listening(answer: (asked: string) => string): Promise<RedisSettings> {
    const listener = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (asked) => socket.write(answer(asked.toString())));
    });
    listeners.push(listener);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return { ...plainRedis, servers: [{ host: '127.0.0.1', port: (listener.address() as AddressInfo).port }] };
  }

  test('nobody is there', async () => {
    const port = await freePort();
    const told = await refusal({ ...plainRedis, servers: [{ host: '127.0.0.1', port }] });
    expect(told).toBe(
      `Redis cannot be reached at 127.0.0.1:${port} (connect ECONNREFUSED 127.0.0.1:${port}); look whether it runs, is let through, and does not ask for TLS there`,
    );
  });

  test('a web server is there', async () => {
    expect(await refusal(await listening(() => 'HTTP/1.1 400 Bad Request\r\n\r\n'))).toContain('is not a Redis');
  });

  test('an old Redis is there', async () => {
    const info = '# Server\r\nredis_version:6.2.14\r\nrole:master\r\n';
    const old = await listening((asked) =>
      asked.toLowerCase().includes('info')
        ? `$${info.length}\r\n${info}\r\n`
        : "-ERR unknown command 'HELLO', with args beginning with: 3\r\n",
    );
    expect(await refusal(old)).toBe('Redis 6.2.14 is too old; use Redis 7, Valkey 8, or newer');
  });

  test('it may throw keys away', async () => {
    const evicting = await servers.server(['--maxmemory-policy', 'allkeys-lru']);
    expect(await refusal(evicting.settings)).toContain('"maxmemory-policy" is "allkeys-lru"); set it to "noeviction"');
  });

  test('it is a replica', async () => {
    const replica = await servers.replicaOf(server);
    expect(await refusal(replica.settings)).toBe('Redis is a read-only replica; name the master, or the Sentinels');
  });

  test('it is no Cluster, and no Sentinel', async () => {
    expect(await refusal({ ...server.settings, kind: 'cluster' })).toContain('is no Cluster');
    expect(await refusal({ ...server.settings, kind: 'sentinel', sentinelName: 'clinic' })).toContain(
      'is not a Redis that can be used',
    );
  });

  test('something else stands under the key', async () => {
    await server.command('SET', 'wardgate-test{changes}', 'x');
    expect(await refusal(server.settings)).toContain('A key that begins with "wardgate-test" holds what is not ours');
  });

  test('users: the wrong password, none, too few rights, and those that the refusal names', async () => {
    const guarded = await servers.server(['--requirepass', 'a password'], { password: 'a password' });
    const named = { ...guarded.settings, user: 'gateway', password: 'its own' };
    expect(await refusal(guarded.settings)).toContain('Redis asks for a password and none is set');
    expect(await refusal({ ...guarded.settings, password: 'another' })).toContain('refuses user "default" or its password');
    await guarded.command('ACL', 'SETUSER', 'gateway', 'on', '>its own', '~wardgate-test*', '+info', '+ping');
    const told = await refusal(named);
    expect(told).toContain('Redis does not let user "gateway" do what is needed');
    expect(told).toContain(`grant it by "${aclRule(named)}"`);
    expect(told).not.toContain('its own');
    await guarded.command('ACL', ...aclRule(named).split(' ').slice(1));
    expect(await refusal(named)).toBe('opened');
    const gateway = await gateways.open(named);
    expect(await gateway.changes.tell('sessions', ['x'])).toBe(true);
    expect(await gateway.turns.run('a turn', async () => Promise.resolve('done'))).toBe('done');
  });

  test('TLS: trusted where its signer is named, and refused with the fix elsewhere', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'wardgate-redis-tls-'));
    try {
      const authority = makeCertificate(directory, 'authority', { isAuthority: true });
      const own = makeCertificate(directory, 'redis', { authority, names: ['IP:127.0.0.1'] });
      const trust = readFileSync(authority.certificate, 'utf8');
      const port = await freePort();
      const tls = ['--tls-port', String(port), '--tls-cert-file', own.certificate, '--tls-key-file', own.key];
      const secure = await servers.server([...tls, '--tls-auth-clients', 'no', '--tls-ca-cert-file', authority.certificate]);
      const settings: RedisSettings = { ...plainRedis, servers: [{ host: '127.0.0.1', port }], tls: true };
      expect(await refusal({ ...settings, trust })).toBe('opened');
      expect(await refusal(settings)).toContain('is not trusted');
      expect(await refusal({ ...secure.settings, tls: true, trust })).toContain('and speaks TLS there');
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
