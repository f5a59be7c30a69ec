// Puts together where several gateways keep what they share: PostgreSQL for every row, Redis for what changed. Neither is talked
// to in the clear, because sessions and secrets pass there; this very machine is no network.

import type { DurableSettings, StoreSettings } from '../core/store/store-settings.ts';
import { authorityText } from './authority-text.ts';
import type { GatewayFile } from './gateway-schema.ts';
import { isLoopback } from './network.ts';
import type { Reading } from './reading.ts';
import { redisSettings } from './redis-settings.ts';
import { storeAddress } from './store-address.ts';
import type { DurableEntry } from './store-schema.ts';

type Gateway = Reading<GatewayFile>;

const path = ['store', 'durable'] as const;
const like = 'postgres://wardgate@db.clinic.example/wardgate';

/** Null: everything stands beside this gateway. */
export async function storeSettings(reading: Gateway): Promise<StoreSettings | null> {
  const { store } = reading.value;
  if (store === undefined) return null;
  const durable = store.durable === undefined ? null : await durableSettings(reading, store.durable);
  const redis = store.redis === undefined ? null : await redisSettings(reading, store.redis);
  if (store.durable === undefined) {
    const why = 'sessions and second factors stand in a PostgreSQL that all gateways share, and Redis carries what changed';
    if (store.redis !== undefined) reading.keyMistake(['store', 'redis'], `Key "redis" needs durable beside it: ${why}`);
    else reading.mistake(['store'], 'Section store names nothing, write durable, or leave it out for one gateway alone');
  }
  return durable === null ? null : { durable, redis };
}

async function durableSettings(reading: Gateway, given: string | DurableEntry): Promise<DurableSettings | null> {
  const entry: DurableEntry = typeof given === 'string' ? { url: given } : given;
  const at = typeof given === 'string' ? path : [...path, 'url'];
  const url = storeAddress(reading, at, entry.url, { what: 'PostgreSQL', schemes: ['postgres:', 'postgresql:'], like });
  const password = await reading.secret(path, 'password', { file: entry.passwordFile, env: entry.passwordEnv });
  const trust = await authorityText(reading, [...path, 'trust'], entry.trust);
  if (url === null) return null;
  if (url.username === '' || !/^\/[^/]+$/.test(url.pathname)) {
    reading.mistake(at, `PostgreSQL "${entry.url}" names no user or no database, write it such as ${like}`);
    return null;
  }
  // A server on this very machine needs no TLS, unless its authority is named.
  const plain = trust === null && isLoopback(url.hostname);
  return { url: url.href, password: password === '' ? null : password, trust, plain, schema: entry.schema ?? 'wardgate' };
}
