// Brings the tables in PostgreSQL to this version, in one transaction: all steps or none. Tables of a newer version are left alone.

import type { Client } from 'pg';
import { postgresFunctions, postgresSchema } from './postgres-sql.ts';
import { schemas } from './state-schema.ts';
import type { DatabaseName } from './state-schema.ts';

/** The same steps as for the embedded files, and counted like them. Rejects where the tables are newer than this version. */
export async function upgradePostgres(client: Client, schema: string): Promise<void> {
  await client.query('BEGIN');
  try {
    // Two gateways may start at the same time; the second one finds the tables of the first.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('wardgate schema'), hashtext($1))", [schema]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (database TEXT PRIMARY KEY, steps INTEGER NOT NULL)');
    await client.query(postgresFunctions);
    for (const database of ['identity', 'sessions'] as const) await upgradeOne(client, database);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}

async function upgradeOne(client: Client, database: DatabaseName): Promise<void> {
  const { migrations } = schemas[database];
  const { rows } = await client.query<{ steps: number }>('SELECT steps FROM schema_version WHERE database = $1', [database]);
  const done = rows[0]?.steps ?? 0;
  if (done > migrations.length) {
    throw new Error(
      `The database was used by a newer Wardgate (its tables are at ${done}, this version knows ${migrations.length})`,
    );
  }
  for (const step of migrations.slice(done)) await client.query(postgresSchema(step));
  const count = `INSERT INTO schema_version (database, steps) VALUES ($1, $2)
    ON CONFLICT (database) DO UPDATE SET steps = excluded.steps`;
  await client.query(count, [database, migrations.length]);
}
