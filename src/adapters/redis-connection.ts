// One connection to the Redis server that holds a key, for as long as it lasts: it never connects again by itself, and keeps
// nothing to send later, so that whoever uses it knows that what was written went to the one server that it asked.

import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import type { RedisServer, RedisSettings } from '../core/store/store-settings.ts';
import { inTime } from './redis-in-time.ts';

/** Replies stay as both protocols give them. */
export type RedisConnectionOptions = Omit<RedisOptions, 'replyMapping'>;

const connectMilliseconds = 1000;
/** With what a Sentinel or a node of a cluster is asked first. */
const openMilliseconds = 2000;
const answerMilliseconds = 400;
const leaveMilliseconds = 100;

/** What every connection to Redis has in common. */
export function redisOptions(settings: RedisSettings): RedisConnectionOptions {
  const tls = settings.tls
    ? { tls: { rejectUnauthorized: true, ...(settings.trust === null ? {} : { ca: settings.trust }) } }
    : {};
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    // Asks for INFO, and goes on where it is not allowed; whoever opens a connection looks itself.
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: connectMilliseconds,
    disconnectTimeout: leaveMilliseconds,
    disableClientInfo: true,
    ...(settings.user === null ? {} : { username: settings.user }),
    ...(settings.password === null ? {} : { password: settings.password }),
    ...tls,
  };
}

/** How the Sentinels are asked where the master is. */
export function sentinelOptions(settings: RedisSettings): RedisConnectionOptions {
  const { tls } = redisOptions(settings);
  return {
    sentinels: settings.servers.map(({ host, port }) => ({ host, port })),
    name: settings.sentinelName ?? '',
    role: 'master',
    sentinelCommandTimeout: answerMilliseconds,
    sentinelRetryStrategy: () => null,
    ...(settings.sentinelPassword === null ? {} : { sentinelPassword: settings.sentinelPassword }),
    ...(tls === undefined ? {} : { sentinelTLS: tls, enableTLSForSentinelMode: true }),
  };
}

/** Rejects with what was in the way first. */
export async function connectRedis(settings: RedisSettings, key: string): Promise<Redis> {
  if (settings.kind === 'sentinel') return connectTo(settings, sentinelOptions(settings));
  const server = settings.kind === 'cluster' ? await holderOf(settings, key) : settings.servers[0];
  return connectTo(settings, { ...server });
}

async function connectTo(settings: RedisSettings, where: RedisConnectionOptions): Promise<Redis> {
  const options: RedisConnectionOptions = { ...redisOptions(settings), ...where, retryStrategy: null };
  const redis = new Redis(options);
  let first: Error | null = null;
  redis.on('error', (cause: Error) => {
    first ??= cause;
  });
  try {
    await inTime(redis.connect(), openMilliseconds, 'Connecting');
    return redis;
  } catch (cause) {
    redis.disconnect();
    throw first ?? cause;
  }
}

/** The master that holds the key, as the first node that answers says it. */
async function holderOf(settings: RedisSettings, key: string): Promise<RedisServer> {
  let trouble: unknown = new Error('No node of the cluster is named');
  for (const server of settings.servers) {
    try {
      return await askNode(settings, server, key);
    } catch (cause) {
      trouble = cause;
    }
  }
  throw trouble;
}

async function askNode(settings: RedisSettings, server: RedisServer, key: string): Promise<RedisServer> {
  const node = await connectTo(settings, { ...server });
  try {
    const slot = await inTime(node.cluster('KEYSLOT', key), answerMilliseconds, 'CLUSTER KEYSLOT');
    const ranges = await inTime(node.cluster('SLOTS'), answerMilliseconds, 'CLUSTER SLOTS');
    const holder = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2];
    if (holder === undefined) throw new Error(`CLUSTERDOWN No node holds slot ${slot}`);
    // A node that does not know its own address leaves it out: it is the one that was asked.
    const [host, port] = holder as readonly [string | null, number, ...unknown[]];
    return { host: host === null || host === '' ? server.host : host, port };
  } finally {
    node.disconnect();
  }
}
