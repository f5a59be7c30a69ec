// The state of gateways that share it: all of it in PostgreSQL. The files beside this gateway stay open, because they hold the data
// directory for it alone and because what it imports stands there.

import type { PostgresDb } from './state-db-postgres.ts';
import type { StateDb } from './state-db.ts';

/** Closing it closes both. */
export function withPostgres(local: StateDb, postgres: PostgresDb): StateDb {
  return {
    // Their tables have different names, and stand in one schema.
    isOneDatabase: true,
    run: async (_database, statements) => postgres.run(statements),
    close: async () => {
      try {
        await postgres.close();
      } finally {
        await local.close();
      }
    },
  };
}
