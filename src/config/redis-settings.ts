// Puts `store.redis` together: one server, Sentinels that know which server is the master, or a cluster.

import type { RedisServer, RedisSettings } from '../core/store/store-settings.ts';
import { authorityText } from './authority-text.ts';
import { isLoopback } from './network.ts';
import type { Reading } from './reading.ts';
import { storeAddress } from './store-address.ts';
import type { RedisEntry } from './store-schema.ts';
import type { KeyPath } from './yaml-source.ts';

const path = ['store', 'redis'] as const;
const kinds = ['server', 'sentinels', 'cluster'] as const;
const mostServers = 16;
const ports = { server: 6379, sentinels: 26_379, cluster: 6379 } as const;
const kindNames = { server: 'single', sentinels: 'sentinel', cluster: 'cluster' } as const;

/** Null where it is a mistake, which is told. */
export async function redisSettings(reading: Reading<unknown>, given: string | RedisEntry): Promise<RedisSettings | null> {
  const entry: RedisEntry = typeof given === 'string' ? { server: given } : given;
  const named = kinds.filter((kind) => entry[kind] !== undefined);
  const [kind] = named;
  if (kind === undefined || named.length > 1) {
    reading.mistake(path, `A Redis is one of server, sentinels or cluster, and this one names ${named.join(' and ') || 'none'}`);
    return null;
  }
  const texts = kind === 'server' ? [entry.server ?? ''] : (entry[kind] ?? []);
  const at = (index: number): KeyPath => (typeof given === 'string' ? path : placeOf(reading, kind, index));
  const urls = addresses(reading, texts, at, kind);
  const secrets = await secretsOf(reading, entry);
  const trust = await authorityText(reading, [...path, 'trust'], entry.trust);
  sentinelKeys(reading, entry, kind);
  const user = userOf(reading, urls, entry, at);
  const tls = urls.some(({ protocol }) => protocol === 'rediss:');
  if (urls.length === 0 || urls.length < texts.length) return null;
  return {
    kind: kindNames[kind],
    servers: urls.map((url) => serverOf(url, ports[kind])),
    sentinelName: kind === 'sentinels' ? (entry.name ?? null) : null,
    user,
    ...secrets,
    tls,
    trust,
    replicas: entry.replicas ?? (kind === 'server' ? 0 : 1),
    prefix: entry.prefix ?? 'wardgate',
  };
}

function placeOf(reading: Reading<unknown>, kind: (typeof kinds)[number], index: number): KeyPath {
  return kind === 'server' ? [...path, kind] : reading.entry([...path, kind], index);
}

function addresses(
  reading: Reading<unknown>,
  texts: readonly string[],
  at: (index: number) => KeyPath,
  kind: (typeof kinds)[number],
): readonly URL[] {
  if (texts.length === 0) reading.mistake([...path, kind], `List ${kind} is empty, name each server`);
  if (texts.length > mostServers)
    reading.mistake([...path, kind], `There are ${texts.length} servers under ${kind}, ${mostServers} are enough`);
  const urls = texts.map((text, index) => addressOf(reading, at(index), text, ports[kind]));
  const good = urls.filter((url) => url !== null);
  if (new Set(good.map(({ protocol }) => protocol)).size > 1)
    reading.mistake([...path, kind], 'Some of these servers are reached with TLS and some without, write rediss:// for all');
  return good;
}

function addressOf(reading: Reading<unknown>, at: KeyPath, text: string, port: number): URL | null {
  const like = `rediss://redis.clinic.example:${port}`;
  const url = storeAddress(reading, at, text, { what: 'Redis', schemes: ['rediss:', 'redis:'], like });
  if (url === null) return null;
  if (!/^\/?$/.test(url.pathname)) {
    reading.mistake(
      at,
      `Redis "${text}" names a database, which Cluster does not have; leave "${url.pathname}" out, prefix keeps clinics apart`,
    );
    return null;
  }
  if (url.protocol === 'redis:' && !isLoopback(url.hostname)) {
    const why = 'what passes there opens sessions';
    reading.mistake(at, `Redis "${text}" is reached without TLS, and ${why}, write "${text.replace('redis:', 'rediss:')}"`);
    return null;
  }
  return url;
}

function serverOf(url: URL, port: number): RedisServer {
  return { host: url.hostname.replaceAll(/[[\]]/g, ''), port: Number(url.port || port) };
}

async function secretsOf(reading: Reading<unknown>, entry: RedisEntry) {
  const password = await reading.secret(path, 'password', { file: entry.passwordFile, env: entry.passwordEnv });
  const sentinel = { file: entry.sentinelPasswordFile, env: entry.sentinelPasswordEnv };
  const sentinelPassword = await reading.secret(path, 'sentinelPassword', sentinel);
  return {
    password: password === '' ? null : password,
    sentinelPassword: sentinelPassword === '' ? null : sentinelPassword,
  };
}

function sentinelKeys(reading: Reading<unknown>, entry: RedisEntry, kind: (typeof kinds)[number]): void {
  if (kind === 'sentinels') {
    if (entry.name === undefined)
      reading.mistake(path, 'Key "name" is missing: the name under which the Sentinels watch the master, such as mymaster');
    return;
  }
  for (const key of ['name', 'sentinelPasswordFile', 'sentinelPasswordEnv'] as const)
    if (entry[key] !== undefined) reading.keyMistake([...path, key], `Key "${key}" belongs to a Redis with sentinels, delete it`);
}

function userOf(
  reading: Reading<unknown>,
  urls: readonly URL[],
  entry: RedisEntry,
  at: (index: number) => KeyPath,
): string | null {
  const inAddress = urls.map(({ username }) => decodeURIComponent(username)).find((name) => name !== '');
  if (inAddress !== undefined && entry.user !== undefined)
    reading.mistake(at(0), `Redis names the user "${inAddress}" in its address and another under user, keep one`);
  return entry.user ?? inAddress ?? null;
}
