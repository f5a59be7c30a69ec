// What the stores of one gateway stand on: the files beside it, or PostgreSQL for what is shared, with Redis where others share it.
// The files stay open in either case: they hold the data directory, and what is imported here stands in them.

import type { StoreSettings } from '../core/store/store-settings.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import { refuseMoved } from './moved-state.ts';
import { oneGateway } from './one-gateway.ts';
import { openPostgresDb } from './state-db-postgres.ts';
import { withPostgres } from './state-db-shared.ts';
import { openStateDb } from './state-db.ts';
import type { StateDb } from './state-db.ts';

export interface StateEngine {
  /** All rows, apart from what is imported. */
  readonly db: StateDb;
  /** The files beside this gateway: directories of patients, appointments and rosters. */
  readonly imported: StateDb;
  readonly shared: SharedParts;
  /** Everything, and gives the data directory free. */
  close(): Promise<void>;
}

export interface StateEngineOptions {
  readonly directory: string;
  readonly store: StoreSettings | null;
  readonly clock: Clock;
  readonly log: OperationsLog;
}

/** Rejects, naming who holds it, where the directory or the database is another gateway's, or where a store cannot be reached. */
export async function openStateEngine({ directory, store, log }: StateEngineOptions): Promise<StateEngine> {
  if (store === null) refuseMoved(directory);
  const local = await openStateDb(directory);
  if (store === null) return { db: local, imported: local, shared: oneGateway, close: () => local.close() };
  try {
    if (store.redis !== null) throw new Error('A store with redis cannot be opened by this version yet');
    const postgres = await openPostgresDb({ ...store.durable, together: store.redis !== null, log });
    const db = withPostgres(local, postgres);
    await refuseUnmoved(directory, local, db).catch(async (cause: unknown) => {
      await postgres.close();
      throw cause;
    });
    return { db, imported: local, shared: { ...oneGateway, leadership: postgres.leadership }, close: () => db.close() };
  } catch (cause) {
    await local.close();
    throw cause;
  }
}

/** Second factors that are only here would have to be enrolled again, and whoever was let go here could come back. */
async function refuseUnmoved(directory: string, local: StateDb, db: StateDb): Promise<void> {
  if ((await peopleIn(db)) > 0 || (await peopleIn(local)) === 0) return;
  throw new Error(
    `"${directory}" knows people and PostgreSQL knows none; stop here and bring them there with: wardgate store move`,
  );
}

async function peopleIn(db: StateDb): Promise<number> {
  const tables = ['people', 'totp', 'passkeys', 'credentials', 'offboarded'];
  const results = await db.run(
    'identity',
    tables.map((table) => ({ sql: `SELECT count(*) AS n FROM ${table}`, params: [] })),
  );
  return results.reduce((sum, { rows }) => sum + Number(rows[0]?.['n'] ?? 0), 0);
}
