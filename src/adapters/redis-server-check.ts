// What kind of server answers, looked at whenever a connection is opened: one that may throw keys away, or that is too old to
// count what a stream was given, would lose changes without anybody noticing.

import type { Redis } from 'ioredis';
import type { RedisSettings } from '../core/store/store-settings.ts';
import { inTime } from './redis-in-time.ts';
import { RedisMistake } from './redis-refused.ts';

const oldestMajor = 7;
const answerMilliseconds = 400;

/** Tells one run of a server from another. Rejects where it is not one that can be used. */
export async function checkServer(redis: Redis, settings: RedisSettings): Promise<string> {
  const info = readInfo(await inTime(redis.info(), answerMilliseconds, 'INFO'));
  const mistake = mistakeOf(info, settings);
  if (mistake !== null) throw new RedisMistake(mistake);
  return info.get('run_id') ?? '';
}

/** The lines of INFO. */
export function readInfo(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':') && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function mistakeOf(info: ReadonlyMap<string, string>, settings: RedisSettings): string | null {
  const version = info.get('redis_version') ?? '';
  if (version === '') return 'What answers is not a Redis; correct the address and the port';
  if (Number.parseInt(version, 10) < oldestMajor) return `Redis ${version} is too old; use Redis 7, Valkey 8, or newer`;
  if (info.get('loading') === '1') return 'Redis is still reading its data';
  if (info.get('role') !== 'master') return 'Redis is a read-only replica; name the master, or the Sentinels';
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    return `Redis may throw keys away ("maxmemory-policy" is "${policy}"); set it to "noeviction", and use a Redis of its own where others need another`;
  }
  const isCluster = info.get('cluster_enabled') === '1';
  if (isCluster && settings.kind !== 'cluster') return 'Redis is a node of a Cluster; name it as a Cluster';
  if (!isCluster && settings.kind === 'cluster') return 'The Redis named is no Cluster; name it as a single server';
  return null;
}
