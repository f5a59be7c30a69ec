// One look at the servers that gateways share, for whoever asks before a start. Changes nothing, and holds no lock.

import { Client } from 'pg';
import type { DurableSettings, RedisSettings } from '../core/store/store-settings.ts';
import { postgresConfig } from './postgres-config.ts';
import { connectRedis } from './redis-connection.ts';
import { explainRedis } from './redis-refused.ts';
import { checkServer, readInfo } from './redis-server-check.ts';

export interface SeenRedis {
  readonly version: string;
  /** Of the master, connected now. */
  readonly replicas: number;
  /** Null where it is not told how what is written survives a restart. */
  readonly appendOnly: boolean | null;
}

/** Rejects, in words that name the fix, where it cannot be used. */
export async function lookAtRedis(settings: RedisSettings): Promise<SeenRedis> {
  try {
    const redis = await connectRedis(settings, `${settings.prefix}:check`);
    try {
      await checkServer(redis, settings);
      const info = readInfo(await redis.info());
      const appendOnly = info.get('aof_enabled');
      return {
        version: info.get('valkey_version') ?? info.get('redis_version') ?? '',
        replicas: Number(info.get('connected_slaves') ?? 0),
        appendOnly: appendOnly === undefined ? null : appendOnly === '1',
      };
    } finally {
      redis.disconnect();
    }
  } catch (cause) {
    throw explainRedis(cause, settings);
  }
}

export interface SeenPostgres {
  readonly version: string;
  /** Standbys that confirm what is written before it counts. */
  readonly synchronousStandbys: number;
  /** Whether the tables are there already, or this user may make them. */
  readonly tables: 'there' | 'may be made' | 'may not be made';
  /** A standby takes no writes. */
  readonly isStandby: boolean;
  readonly writesDurably: boolean;
}

const question = `SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS standby,
  (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')) AS standbys,
  current_setting('fsync') = 'on' AS fsync,
  EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = $1 AND table_name = 'schema_version') AS there,
  has_database_privilege(current_database(), 'CREATE') AS may`;

/** Rejects where it cannot be reached or its certificate is not believed. */
export async function lookAtPostgres(durable: DurableSettings): Promise<SeenPostgres> {
  const client = new Client(postgresConfig(durable));
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, number | string>>(question, [durable.schema]);
    const [row = {}] = rows;
    return {
      version: String(row['version']).split(' ')[0] ?? '',
      synchronousStandbys: Number(row['standbys']),
      tables: row['there'] === 1 ? 'there' : row['may'] === 1 ? 'may be made' : 'may not be made',
      isStandby: row['standby'] === 1,
      writesDurably: row['fsync'] === 1,
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}
