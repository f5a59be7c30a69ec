// Copies what stands beside a stopped gateway into an empty PostgreSQL: all of it in one transaction, counted before it counts. The
// files stay as they are, and are not used again by themselves.

import type { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import type { DurableSettings } from '../core/store/store-settings.ts';
import { openDatabaseFile } from './database-file.ts';
import { markAsMoved, movedSince } from './moved-state.ts';
import { postgresConfig } from './postgres-config.ts';
import { tryLock } from './postgres-locks.ts';
import { upgradePostgres } from './postgres-upgrade.ts';
import { postgresValue } from './postgres-sql.ts';
import { sharedTables } from './shared-tables.ts';
import type { Row } from './state-db.ts';
import { openStateDb } from './state-db.ts';

export interface MovedTable {
  readonly table: string;
  readonly rows: number;
}

/** Values in one statement; PostgreSQL takes 65,535. */
const mostValues = 20_000;
const mostRows = 500;
/** A table of a hundred thousand rows is counted in much less. */
const statementMilliseconds = 60_000;

/** Tables with rows. Rejects, with nothing changed, where a gateway runs on either side or PostgreSQL holds something. */
export async function moveState(dataDirectory: string, durable: DurableSettings, when: string): Promise<readonly MovedTable[]> {
  // Holds the data directory, and brings the files to this version first.
  const local = await openStateDb(dataDirectory);
  try {
    const since = movedSince(dataDirectory);
    if (since !== null) throw new Error(movedBefore(dataDirectory, since));
    const moved = await withClient(durable, (client) => moveAll(client, dataDirectory, durable.schema));
    markAsMoved(dataDirectory, when);
    return moved;
  } finally {
    await local.close();
  }
}

/** Whoever was let go since would be let in again by rows of that day. */
function movedBefore(dataDirectory: string, since: string): string {
  return `"${dataDirectory}" was moved to PostgreSQL already (${since}), and what is left in its files is of that day; put PostgreSQL's own backup back`;
}

async function withClient<T>(durable: DurableSettings, work: (client: Client) => Promise<T>): Promise<T> {
  const times = { query_timeout: statementMilliseconds, statement_timeout: statementMilliseconds };
  const client = new Client({ ...postgresConfig(durable), ...times });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function moveAll(client: Client, dataDirectory: string, schema: string): Promise<readonly MovedTable[]> {
  if (!(await tryLock(client, schema, 'use'))) throw new Error('The database is in use by a gateway; stop that one first');
  await upgradePostgres(client, schema);
  await client.query('BEGIN');
  const moved: MovedTable[] = [];
  for (const name of ['identity', 'sessions'] as const) {
    const database = openDatabaseFile(dataDirectory, name);
    try {
      for (const table of sharedTables(database)) moved.push({ table, rows: await moveTable(client, database, table) });
    } finally {
      database.close();
    }
  }
  await client.query('COMMIT');
  return moved.filter(({ rows }) => rows > 0);
}

async function moveTable(client: Client, database: DatabaseSync, table: string): Promise<number> {
  const there = await countOf(client, table);
  if (there > 0)
    throw new Error(`PostgreSQL is not empty: table "${table}" holds ${there} rows; name another schema, or an empty database`);
  const info = database.prepare(`SELECT name FROM pragma_table_info(?) ORDER BY cid`).all(table);
  const columns = info.map((row) => String(row['name']));
  const together = Math.min(mostRows, Math.floor(mostValues / columns.length));
  let rows = 0;
  let waiting: Row[] = [];
  const send = async (): Promise<void> => {
    if (waiting.length > 0) await client.query(insertOf(table, columns, waiting.length), valuesOf(columns, waiting));
    rows += waiting.length;
    waiting = [];
  };
  for (const row of database.prepare(`SELECT * FROM ${table}${orderOf(database, table)}`).iterate()) {
    waiting.push(row);
    if (waiting.length >= together) await send();
  }
  await send();
  const written = await countOf(client, table);
  if (written !== rows) throw new Error(`Table "${table}" has ${rows} rows here and ${written} in PostgreSQL`);
  return rows;
}

/** The stores tell what came first by the order of rows. */
function orderOf(database: DatabaseSync, table: string): string {
  const { wr = 0 } = database.prepare(`SELECT wr FROM pragma_table_list(?) WHERE schema = 'main'`).get(table) ?? {};
  return wr === 0 ? ' ORDER BY rowid' : '';
}

async function countOf(client: Client, table: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
  return rows[0]?.n ?? 0;
}

function insertOf(table: string, columns: readonly string[], rows: number): string {
  const row = (at: number): string => `(${columns.map((_name, column) => `$${at * columns.length + column + 1}`).join(', ')})`;
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${Array.from({ length: rows }, (_none, at) => row(at)).join(', ')}`;
}

function valuesOf(columns: readonly string[], rows: readonly Row[]): unknown[] {
  return rows.flatMap((row) => columns.map((column) => sent(row[column])));
}

function sent(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : postgresValue(value);
}
