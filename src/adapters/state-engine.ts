// What the stores of one gateway stand on: the files beside it, or PostgreSQL for what is shared, with Redis where others share it.
// The files stay open in either case: they hold the data directory, and what is imported here stands in them.

import type { StoreSettings } from '../core/store/store-settings.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import type { SharedParts, StoreTimed } from '../shared-ports.ts';
import { refuseMoved } from './moved-state.ts';
import { oneGateway } from './one-gateway.ts';
import type { OpenRedis } from './open-redis.ts';
import type { StreamClaims } from './postgres-streams.ts';
import { refuseUnmoved } from './refuse-unmoved.ts';
import type { PostgresDb, PostgresOptions } from './state-db-postgres.ts';
import { withPostgres } from './state-db-shared.ts';
import { openStateDb } from './state-db.ts';
import type { StateDb } from './state-db.ts';

export interface StateEngine {
  /** All rows, apart from what is imported. */
  readonly db: StateDb;
  /** The files beside this gateway: directories of patients, appointments and rosters. */
  readonly imported: StateDb;
  readonly shared: SharedParts;
  /** The servers that it stands on; null where there is none. */
  readonly redis: OpenRedis | null;
  readonly postgres: PostgresDb | null;
  /** Everything, and gives the data directory free. */
  close(): Promise<void>;
}

export interface StateEngineOptions {
  readonly directory: string;
  readonly store: StoreSettings | null;
  readonly clock: Clock;
  readonly log: OperationsLog;
  readonly told?: StoreTimed | undefined;
}

const elsewhereMilliseconds = 6000;
const lookMilliseconds = 20;

/** Rejects, naming who holds it, where the directory or the database is another gateway's, or where a store cannot be reached. */
export async function openStateEngine(options: StateEngineOptions): Promise<StateEngine> {
  const { directory, store } = options;
  if (store === null) refuseMoved(directory);
  const local = await openStateDb(directory);
  if (store === null)
    return { db: local, imported: local, shared: oneGateway, redis: null, postgres: null, close: () => local.close() };
  // What is open already is closed when something after it cannot be opened.
  const opened: { close(): void | Promise<void> }[] = [local];
  try {
    return await openServers(store, local, options, opened);
  } catch (cause) {
    for (const one of opened.reverse()) await one.close();
    throw cause;
  }
}

async function openServers(
  { durable, redis: named }: StoreSettings,
  local: StateDb,
  { directory, clock, log, told }: StateEngineOptions,
  opened: { close(): void | Promise<void> }[],
): Promise<StateEngine> {
  // Loaded here, as is the client of PostgreSQL: a gateway that keeps everything beside it starts without reading their code.
  const { openRedis } = await import('./open-redis.ts');
  const postgres = await openPostgres({ ...durable, together: named !== null, log, ...(told && { told }) });
  opened.push(postgres);
  const db = withPostgres(local, postgres);
  await refuseUnmoved(directory, local, db);
  const streams = postgres.streams ?? undefined;
  const redis = named === null ? null : await openRedis(named, { clock, log, told, streams });
  if (redis !== null) opened.push(redis);
  await refuseElsewhere(postgres.streams);
  const among = redis === null ? oneGateway : { changes: redis.changes, turns: redis.turns };
  const close = async (): Promise<void> => {
    redis?.close();
    await db.close();
  };
  return { db, imported: local, shared: { ...oneGateway, ...among, leadership: postgres.leadership }, redis, postgres, close };
}

/** Somebody who stands still, or has not noticed yet that their Redis is gone, has a moment to be seen as that. */
async function refuseElsewhere(streams: StreamClaims | null): Promise<void> {
  if (streams === null) return;
  for (const until = performance.now() + elsewhereMilliseconds; performance.now() < until;) {
    if (streams.isCommon) return;
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
  }
  // Where it is not known yet, nobody is let in until it is.
  if (streams.trouble !== null) throw new Error(streams.trouble);
}

async function openPostgres(options: PostgresOptions): Promise<PostgresDb> {
  const { openPostgresDb } = await import('./state-db-postgres.ts');
  try {
    return await openPostgresDb(options);
  } catch (cause) {
    const { hostname, port } = new URL(options.url);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`PostgreSQL at ${hostname}:${port || '5432'} cannot be used: ${why}`, { cause });
  }
}
