// Brings the tables in PostgreSQL to this version, in one transaction: all steps or none. Tables of a newer version are left alone.

import type { Client } from 'pg';
import { postgresFunctions, postgresSchema } from './postgres-sql.ts';
import { schemas } from './state-schema.ts';

/** The same steps as for the embedded file, and counted like them. Rejects where the tables are newer than this version. */
export async function upgradePostgres(client: Client, schema: string): Promise<void> {
  const { migrations } = schemas.identity;
  await client.query('BEGIN');
  try {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_version (id INTEGER PRIMARY KEY CHECK (id = 1), steps INTEGER NOT NULL)',
    );
    const { rows } = await client.query<{ steps: number }>('SELECT steps FROM schema_version');
    const done = rows[0]?.steps ?? 0;
    if (done > migrations.length) {
      throw new Error(
        `The database was used by a newer Wardgate (its tables are at ${done}, this version knows ${migrations.length})`,
      );
    }
    await client.query(postgresFunctions);
    for (const step of migrations.slice(done)) await client.query(postgresSchema(step));
    await client.query(
      'INSERT INTO schema_version (id, steps) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET steps = excluded.steps',
      [migrations.length],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}
