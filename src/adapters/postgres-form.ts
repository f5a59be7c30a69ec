// One set of tables in PostgreSQL, counted by the steps that made it. Whoever starts brings it to its own version; tables of a newer
// version are left as they are, and used where that version says that an older one may.

import type { Client } from 'pg';
import { lockKey } from './postgres-locks.ts';
import { programVersion } from './program-version.ts';

/** As `state-schema.ts` says them. */
export interface Form {
  readonly migrations: readonly string[];
  readonly oldestUsable: number;
}

export type FormName = 'identity' | 'sessions' | 'audit';

/** What a set of tables says of itself. */
export interface WrittenForm {
  readonly steps: number;
  /** How many steps a version must know to use them. */
  readonly oldestUsable: number;
  /** The program that changed them last, such as `0.2.0`; '' where none is told. */
  readonly program: string;
}

/** What is said where it is refused: no fault of the network, and nothing that goes away by itself. */
export class FormRefused extends Error {}

/** Before the first form, in the same transaction: whoever starts at the same time waits here, and finds the tables of the first. */
export async function beginForms(client: Client, schema: string): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtext('wardgate schema'), hashtext($1))", [schema]);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await client.query('CREATE TABLE IF NOT EXISTS schema_version (database TEXT PRIMARY KEY, steps INTEGER NOT NULL)');
  await client.query('ALTER TABLE schema_version ADD COLUMN IF NOT EXISTS oldest_usable INTEGER NOT NULL DEFAULT 0');
  await client.query("ALTER TABLE schema_version ADD COLUMN IF NOT EXISTS program TEXT NOT NULL DEFAULT ''");
}

/** The table of versions is there. */
export async function writtenForms(client: Pick<Client, 'query'>): Promise<ReadonlyMap<string, WrittenForm>> {
  const { rows } = await client.query<Record<string, string | number>>('SELECT * FROM schema_version');
  return formsIn(rows);
}

/** Rows of `schema_version`, whichever version wrote them. */
export function formsIn(rows: readonly Readonly<Record<string, unknown>>[]): ReadonlyMap<string, WrittenForm> {
  const form = (row: Readonly<Record<string, unknown>>): WrittenForm => ({
    steps: Number(row['steps']),
    oldestUsable: Number(row['oldest_usable'] ?? 0),
    program: typeof row['program'] === 'string' ? row['program'] : '',
  });
  return new Map(rows.map((row) => [String(row['database']), form(row)]));
}

/** Throws FormRefused, naming both versions, where this one cannot work on the tables. */
export function refuseNewer({ steps, oldestUsable, program }: WrittenForm, known: number): void {
  if (known >= oldestUsable) return;
  const by = program === '' ? 'a newer Wardgate' : `Wardgate ${program}`;
  const tables = `its tables are at ${steps}, which a version that knows ${oldestUsable} can use`;
  const own = `this one, ${programVersion()}, knows ${known}`;
  throw new FormRefused(`The database was used by ${by} (${tables}, and ${own}); start the newer version`);
}

interface Upgrade {
  readonly name: FormName;
  readonly form: Form;
  /** Null: nothing stands there yet. */
  readonly written: WrittenForm | null;
  /** Locks of use that this gateway holds itself. */
  readonly ownLocks: 0 | 1;
  readonly statement: (step: string) => string;
}

/** Rejects where the tables cannot be used, or are of an older version that is still at work and could not go on. */
export async function upgradeForm(client: Client, schema: string, upgrade: Upgrade): Promise<void> {
  const { name, form, written, ownLocks, statement } = upgrade;
  const known = form.migrations.length;
  const done = written?.steps ?? 0;
  if (written !== null && done >= known) return refuseNewer(written, known);
  const others = done > 0 && done < form.oldestUsable ? await usersOf(client, schema) : [];
  if (others.length > ownLocks) throw new FormRefused(older(others, done, known));
  for (const step of form.migrations.slice(done)) await client.query(statement(step));
  const count = `INSERT INTO schema_version (database, steps, oldest_usable, program) VALUES ($1, $2, $3, $4)
    ON CONFLICT (database) DO UPDATE SET steps = excluded.steps, oldest_usable = excluded.oldest_usable, program = excluded.program`;
  await client.query(count, [name, known, form.oldestUsable, programVersion()]);
}

/** What gateways that hold the lock of use call themselves. */
async function usersOf(client: Client, schema: string): Promise<readonly string[]> {
  const held = `SELECT coalesce(application_name, '') AS name FROM pg_locks LEFT JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32) | objid::bigint = $1 ORDER BY 1`;
  const { rows } = await client.query<{ name: string }>(held, [lockKey(schema, 'use')]);
  return rows.map(({ name }) => name);
}

function older(users: readonly string[], done: number, known: number): string {
  const own = `wardgate ${programVersion()}`;
  const named = [...new Set(users.map((name) => name.split(' at ')[0] ?? ''))].filter(
    (name) => name.includes(' ') && name !== own,
  );
  const which = named.length === 0 ? '' : ` (${named.join(', ')})`;
  const change = `the tables are changed by ${programVersion()} (from ${done} to ${known})`;
  return `Gateways of an older version are at work${which}, and could not go on once ${change}; stop them first`;
}
