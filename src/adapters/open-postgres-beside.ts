// The state in PostgreSQL for a command beside running gateways: the same lists of statements, on one connection that holds no lock.
// Never changes the form of the tables; that is the gateway's own business.

import type { DurableSettings } from '../core/store/store-settings.ts';
import { oneGateway } from './one-gateway.ts';
import { postgresConfig } from './postgres-config.ts';
import { checkForm } from './postgres-upgrade.ts';
import { PooledPostgres } from './state-db-postgres.ts';
import type { StateDb } from './state-db.ts';

const noLock = { lost: null, trouble: null, leadership: oneGateway.leadership, close: async () => Promise.resolve() };

/** Rejects, saying what to do, where it cannot be reached, holds no tables yet, or those of another version. */
export async function openPostgresBeside(durable: DurableSettings): Promise<StateDb> {
  const postgres = new PooledPostgres(postgresConfig(durable), noLock, { warn: () => undefined }, { max: 1 });
  const db: StateDb = { run: async (_database, statements) => postgres.run(statements), close: () => postgres.close() };
  try {
    await checkForm(db);
    return db;
  } catch (cause) {
    await postgres.close();
    throw cause;
  }
}
