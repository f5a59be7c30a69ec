// Brings the tables in PostgreSQL to this version, in one transaction: all steps or none. Tables of a newer version are left as they
// are, and used where that version says that an older one may.

import type { Client } from 'pg';
import { lockKey } from './postgres-locks.ts';
import { postgresFunctions, postgresSchema } from './postgres-sql.ts';
import { schemas } from './state-schema.ts';
import type { DatabaseName, Schema } from './state-schema.ts';
import type { StateDb } from './state-db.ts';

type Forms = Readonly<Record<DatabaseName, Pick<Schema, 'migrations' | 'oldestUsable'>>>;

/**
 * The same steps as for the embedded files, and counted like them. Rejects where the tables are of a newer version that this one
 * cannot work beside, or of an older one that is still in use and could not go on.
 */
export async function upgradePostgres(client: Client, schema: string, forms: Forms = schemas): Promise<void> {
  await client.query('BEGIN');
  try {
    // Two gateways may start at the same time; the second one finds the tables of the first.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('wardgate schema'), hashtext($1))", [schema]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    // The index of the record counts its own steps in the same table, and may have made it.
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (database TEXT PRIMARY KEY, steps INTEGER NOT NULL)');
    await client.query('ALTER TABLE schema_version ADD COLUMN IF NOT EXISTS oldest_usable INTEGER NOT NULL DEFAULT 0');
    await client.query(postgresFunctions);
    for (const database of ['identity', 'sessions'] as const) await upgradeOne(client, schema, database, forms[database]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}

type Form = Forms[DatabaseName];

async function upgradeOne(client: Client, schema: string, database: DatabaseName, form: Form): Promise<void> {
  const known = form.migrations.length;
  const select = 'SELECT steps, oldest_usable FROM schema_version WHERE database = $1';
  const { rows } = await client.query<{ steps: number; oldest_usable: number }>(select, [database]);
  const { steps: done = 0, oldest_usable: oldest = 0 } = rows[0] ?? {};
  if (done >= known) {
    if (known < oldest) throw new Error(newer(done, oldest, known));
    return;
  }
  if (done > 0 && done < form.oldestUsable && (await othersUse(client, schema))) throw new Error(older(done, known));
  for (const step of form.migrations.slice(done)) await client.query(postgresSchema(step));
  const count = `INSERT INTO schema_version (database, steps, oldest_usable) VALUES ($1, $2, $3)
    ON CONFLICT (database) DO UPDATE SET steps = excluded.steps, oldest_usable = excluded.oldest_usable`;
  await client.query(count, [database, known, form.oldestUsable]);
}

/** Whether gateways beside this one, which has its own place already, hold the lock of use. */
async function othersUse(client: Client, schema: string): Promise<boolean> {
  const held = `SELECT count(*) AS held FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32) | objid::bigint = $1`;
  const { rows } = await client.query<{ held: number }>(held, [lockKey(schema, 'use')]);
  return (rows[0]?.held ?? 0) > 1;
}

function newer(done: number, oldest: number, known: number): string {
  const tables = `its tables are at ${done}, which a version that knows ${oldest} can use, and this one knows ${known}`;
  return `The database was used by a newer Wardgate (${tables}); start the newer version`;
}

function older(done: number, known: number): string {
  return `Gateways of an older version are at work, and could not go on once the tables are changed (from ${done} to ${known}); stop them first`;
}

/** For a command beside gateways: rejects, saying what to do, where the tables are not of this version. */
export async function checkForm(db: Pick<StateDb, 'run'>): Promise<void> {
  const [found] = await db.run('identity', [{ sql: `SELECT to_regclass('schema_version')::text AS name`, params: [] }]);
  const isThere = (found?.rows[0]?.['name'] ?? null) !== null;
  const select = { sql: 'SELECT database, steps FROM schema_version', params: [] };
  const [versions] = isThere ? await db.run('identity', [select]) : [];
  for (const database of ['identity', 'sessions'] as const) {
    const row = versions?.rows.find((one) => one['database'] === database);
    if (row === undefined) throw new Error('PostgreSQL holds no tables of a gateway yet; start the gateway once');
    const [there, known] = [Number(row['steps']), schemas[database].migrations.length];
    if (there === known) continue;
    const fix = there > known ? 'use the newer program' : 'start the gateway of this version once';
    throw new Error(`The tables in PostgreSQL are at ${there} and this program knows ${known}; ${fix}`);
  }
}
