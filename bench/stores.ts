// A PostgreSQL and a Redis of their own for the bench, in temporary directories, ended with it.

import { dirname } from 'node:path';
import { RedisServers } from '../test/support/redis-server.ts';
import { startPostgres } from '../test/support/postgres-server.ts';

export interface Stores {
  readonly redisUrl: string;
  readonly postgresUrl: string;
  stop(): Promise<void>;
}

/** By the paths of their programs. */
export async function startStores(redisServer: string, postgresServer: string): Promise<Stores> {
  const postgres = await startPostgres(dirname(postgresServer));
  const servers = new RedisServers(redisServer);
  const redis = await servers.server();
  return {
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    postgresUrl: postgres.url,
    stop: async () => {
      await servers.close();
      await postgres.close();
    },
  };
}
