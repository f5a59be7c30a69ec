// The rows that gateways share, for a command beside a running gateway: in its file, or in PostgreSQL. Holds no lock.

import type { StoreSettings } from '../core/store/store-settings.ts';
import { openDatabaseFile } from './database-file.ts';
import { openPostgresBeside } from './open-postgres-beside.ts';
import { stateBeside } from './state-db-beside.ts';
import type { StateDb } from './state-db.ts';

export interface StatePlace {
  readonly dataDirectory: string;
  /** Null: in the file. */
  readonly store: StoreSettings | null;
}

/** What must not be lost (`identity`). Rejects, naming the place and the fix. Close it. */
export async function openStateBeside({ dataDirectory, store }: StatePlace): Promise<StateDb> {
  if (store !== null) return openPostgresBeside(store.durable);
  const database = openDatabaseFile(dataDirectory, 'identity');
  return { run: stateBeside(database).run, close: async () => Promise.resolve(database.close()) };
}
