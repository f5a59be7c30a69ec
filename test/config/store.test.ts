// `store` in gateway.yaml: what it becomes, and what is answered to what cannot be.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import type { DurableSettings, RedisSettings, StoreSettings } from '../../src/core/store/store-settings.ts';
import { makeCertificate } from '../support/certificate.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

async function load(store: string) {
  const written = await writeConfiguration(`${soundGateway}store: ${store}\n`, soundRules);
  const directory = dirname(written.gateway);
  makeCertificate(directory, 'ca');
  const options = {
    presets: written.presets,
    environment: { ...environment, PG: 'of postgres', RD: 'of redis', SE: 'of sentinels' },
  };
  return { directory, loaded: await loadConfiguration(written.gateway, options) };
}

const url = 'postgres://wardgate@db.example/wardgate';
const durable: DurableSettings = { url, password: null, trust: null, plain: false, schema: 'wardgate' };
const redis: RedisSettings = {
  kind: 'single',
  servers: [{ host: 'r.example', port: 6379 }],
  sentinelName: null,
  user: null,
  password: null,
  sentinelPassword: null,
  tls: true,
  trust: null,
  replicas: 0,
  prefix: 'wardgate',
};
const withRedis = (given: string): string => `{ durable: "${url}", redis: ${given} }`;

describe('what it becomes', () => {
  test.each<[string, StoreSettings]>([
    [`{ durable: "${url}" }`, { durable, redis: null }],
    [
      `{ durable: { url: "${url}", passwordEnv: PG, schema: north } }`,
      { durable: { ...durable, password: 'of postgres', schema: 'north' }, redis: null },
    ],
    [
      '{ durable: "postgres://w@127.0.0.1:5433/w" }',
      { durable: { ...durable, url: 'postgres://w@127.0.0.1:5433/w', plain: true }, redis: null },
    ],
    [
      '{ durable: "postgresql://w@[::1]/w" }',
      { durable: { ...durable, url: 'postgresql://w@[::1]/w', plain: true }, redis: null },
    ],
    [withRedis('"rediss://r.example"'), { durable, redis }],
    [
      withRedis('"rediss://gate@r.example:7000/"'),
      { durable, redis: { ...redis, user: 'gate', servers: [{ host: 'r.example', port: 7000 }] } },
    ],
    [
      withRedis('"redis://localhost:7000"'),
      { durable, redis: { ...redis, tls: false, servers: [{ host: 'localhost', port: 7000 }] } },
    ],
    [
      withRedis('{ server: "rediss://r.example", user: gate, passwordEnv: RD, replicas: 2, prefix: north }'),
      { durable, redis: { ...redis, user: 'gate', password: 'of redis', replicas: 2, prefix: 'north' } },
    ],
    [
      withRedis('{ sentinels: ["rediss://a.example", "rediss://[::2]:7001"], name: main, sentinelPasswordEnv: SE }'),
      {
        durable,
        redis: {
          ...redis,
          kind: 'sentinel',
          servers: [
            { host: 'a.example', port: 26_379 },
            { host: '::2', port: 7001 },
          ],
          sentinelName: 'main',
          sentinelPassword: 'of sentinels',
          replicas: 1,
        },
      },
    ],
    [withRedis('{ cluster: "rediss://r.example" }'), { durable, redis: { ...redis, kind: 'cluster', replicas: 1 } }],
  ])('%s', async (store, expected) => {
    const { loaded } = await load(store);
    expect(loaded.ok ? loaded.configuration.settings.store : loaded.mistakes).toEqual(expected);
  });

  test('private authorities are handed on as text, and then a server on this machine is reached with TLS too', async () => {
    const { directory, loaded } = await load(
      '{ durable: { url: "postgres://w@localhost/w", trust: ca.pem }, redis: { server: "rediss://r.example", trust: ca.pem } }',
    );
    const trust = readFileSync(join(directory, 'ca.pem'), 'utf8');
    expect(loaded.ok ? loaded.configuration.settings.store : loaded.mistakes).toEqual({
      durable: { ...durable, url: 'postgres://w@localhost/w', trust },
      redis: { ...redis, trust },
    });
  });

  test('left out, everything stands beside this gateway', async () => {
    const written = await writeConfiguration(soundGateway, soundRules);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    expect(loaded.ok && loaded.configuration.settings.store).toBeNull();
  });
});

test.each<[string, RegExp]>([
  ['{}', /Section store names nothing, write durable/],
  ['{ redis: "rediss://r.example" }', /Key "redis" needs durable beside it: sessions and second factors stand in a PostgreSQL/],
  [
    '{ durable: "postgres://w:secret@db.example/w" }',
    /it holds a password; put that into a file, name the file under passwordFile/,
  ],
  ['{ durable: "postgres://w@db.example/w?sslmode=disable" }', /leave out what follows the "\?"/],
  ['{ durable: "mysql://w@db.example/w" }', /an address that begins with postgres:\/\/ or postgresql:\/\//],
  ['{ durable: db.example }', /an address that begins with postgres:/],
  ['{ durable: "postgres://a,b/w" }', /names no user or no database/],
  ['{ durable: "postgres://db.example/w" }', /names no user or no database, write it such as/],
  ['{ durable: "postgres://w@db.example" }', /names no user or no database/],
  [`{ durable: { url: "${url}", passwordEnv: NOT_SET } }`, /Environment variable NOT_SET is not set/],
  [`{ durable: { url: "${url}", passwordEnv: PG, passwordFile: pg } }`, /passwordFile and passwordEnv stand together/],
  [`{ durable: { url: "${url}", trust: gone.pem } }`, /"gone\.pem" cannot be read/],
  [`{ durable: { url: "${url}", schema: "North 1" } }`, /must be a plain name in small letters/],
  [
    withRedis('"redis://r.example"'),
    /is reached without TLS, and what passes there opens sessions, write "rediss:\/\/r\.example"/,
  ],
  [withRedis('"rediss://gate:secret@r.example"'), /it holds a password/],
  [withRedis('"rediss://r.example/3"'), /names a database, which Cluster does not have; leave "\/3" out/],
  [withRedis('"https://r.example"'), /an address that begins with rediss:\/\/ or redis:\/\//],
  [withRedis('{ prefix: a }'), /one of server, sentinels or cluster, and this one names none/],
  [withRedis('{ server: "rediss://r.example", cluster: "rediss://r.example" }'), /names server and cluster/],
  [withRedis('{ cluster: [] }'), /List cluster is empty/],
  [
    withRedis('{ cluster: ["rediss://localhost:1", "redis://localhost:2"] }'),
    /Some of these servers are reached with TLS and some without/,
  ],
  [
    withRedis(`{ cluster: [${Array.from({ length: 17 }, (_none, at) => `"rediss://r${at}"`).join(', ')}] }`),
    /There are 17 servers/,
  ],
  [
    withRedis('{ sentinels: "rediss://r.example" }'),
    /Key "name" is missing: the name under which the Sentinels watch the master/,
  ],
  [withRedis('{ server: "rediss://r.example", name: main }'), /Key "name" belongs to a Redis with sentinels, delete it/],
  [
    withRedis('{ server: "rediss://r.example", sentinelPasswordEnv: SE }'),
    /Key "sentinelPasswordEnv" belongs to a Redis with sentinels/,
  ],
  [
    withRedis('{ server: "rediss://a@r.example", user: b }'),
    /names the user "a" in its address and another under user, keep one/,
  ],
  [withRedis('{ server: "rediss://r.example", replicas: 6 }'), /replicas/],
  [withRedis('{ server: "rediss://r.example", prefix: "{a}" }'), /prefix/],
])('%s is a mistake', async (store, message) => {
  const { loaded } = await load(store);
  const told = loaded.ok
    ? ''
    : loaded.mistakes.map((mistake) => `${mistake.message} ${mistake.correction?.text ?? ''}`).join('\n');
  expect(told).toMatch(message);
  expect(told).not.toMatch(/secret@|of postgres|of redis/);
});
