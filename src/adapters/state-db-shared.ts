// What must not be lost in PostgreSQL, what lives for a shift beside this gateway: the one seam behind which stores do not see
// where their rows stand.

import type { PostgresDb } from './state-db-postgres.ts';
import type { StateDb } from './state-db.ts';

/** Closing it closes both. */
export function withPostgres(local: StateDb, postgres: PostgresDb): StateDb {
  return {
    run: (database, statements) => (database === 'identity' ? postgres.run(statements) : local.run(database, statements)),
    close: async () => {
      try {
        await postgres.close();
      } finally {
        await local.close();
      }
    },
  };
}
