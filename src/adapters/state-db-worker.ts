// The thread that owns the database files, so that a slow disk freezes nobody. Runs lists of statements, each list in
// one transaction. Knows nothing of sessions or factors.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { schemas } from './state-schema.ts';
import type { DatabaseName } from './state-schema.ts';
import { upgradeStore } from './state-upgrade.ts';
import type { StateAnswer, StateRequest, Statement, StatementResult } from './state-db.ts';

const port = parentPort;
if (port === null) throw new Error('state-db-worker runs as a worker thread only');
const maximumPrepared = 200;
const { directory } = workerData as { readonly directory: string };

mkdirSync(directory, { recursive: true, mode: 0o700 });
// Kept for as long as the thread lives: the operating system drops it with the process, so no lock is ever stale.
const lock = holdLock();
const databases: Readonly<Record<DatabaseName, DatabaseSync>> = { identity: open('identity'), sessions: open('sessions') };
const prepared = new Map<string, StatementSync>();

port.on('message', (request: StateRequest) => {
  if (request.close === true) close();
  port.postMessage(answer(request));
  if (request.close === true) port.close();
});
port.postMessage({ id: 0, ok: true, results: [] } satisfies StateAnswer);

function answer(request: StateRequest): StateAnswer {
  try {
    return { id: request.id, ok: true, results: request.close === true ? [] : transact(request.database, request.statements) };
  } catch (cause) {
    return { id: request.id, ok: false, error: cause instanceof Error ? cause : new Error(String(cause)) };
  }
}

function transact(name: DatabaseName, statements: readonly Statement[]): StatementResult[] {
  const database = databases[name];
  // Immediate: the write lock is taken at once, so a read that decides a write cannot be overtaken.
  database.exec('BEGIN IMMEDIATE');
  try {
    const results = statements.map((statement) => runOne(name, database, statement));
    database.exec('COMMIT');
    return results;
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
}

function runOne(name: DatabaseName, database: DatabaseSync, { sql, params }: Statement): StatementResult {
  const id = `${name} ${sql}`;
  let statement = prepared.get(id);
  if (statement === undefined) {
    if (prepared.size >= maximumPrepared) prepared.clear();
    statement = database.prepare(sql);
    prepared.set(id, statement);
  }
  const returnsRows = statement.columns().length > 0;
  if (!returnsRows) return { rows: [], changes: Number(statement.run(...params).changes) };
  const rows = statement.all(...params);
  return { rows, changes: rows.length };
}

function open(name: DatabaseName): DatabaseSync {
  const path = join(directory, schemas[name].file);
  try {
    return openAt(path, name);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot open "${path}": ${why}`, { cause });
  }
}

function openAt(path: string, name: DatabaseName): DatabaseSync {
  const { synchronous, migrations } = schemas[name];
  // Waiting five seconds for another process's lock beats failing a clinician's sign-in.
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};`);
    upgradeStore(database, path, migrations);
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

function holdLock(): DatabaseSync {
  const holder = join(directory, 'instance.pid');
  const held = new DatabaseSync(join(directory, 'instance.lock'), { timeout: 0 });
  try {
    held.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    held.close();
    throw new Error(`The data directory "${directory}" is in use by process ${pidIn(holder)}; stop it first`, { cause });
  }
  writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
  return held;
}

function pidIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

function close(): void {
  prepared.clear();
  for (const database of Object.values(databases)) database.close();
  lock.close();
}
