// Stores as an earlier version of the program left them.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { schemas } from '../../src/adapters/state-schema.ts';
import type { DatabaseName } from '../../src/adapters/state-schema.ts';

const rows: Readonly<Record<DatabaseName, { readonly table: string; readonly insert: string }>> = {
  identity: { table: 'ended_sessions', insert: 'INSERT INTO ended_sessions VALUES (?, ?, 1)' },
  sessions: { table: 'attempts', insert: 'INSERT INTO attempts VALUES (?, length(?), 0, 4000000000000)' },
};

/** A store of version `version` with so many rows in the table that is named back. */
export function makeOldStore(directory: string, name: DatabaseName, version: number, count: number): string {
  const { file, migrations } = schemas[name];
  const database = new DatabaseSync(join(directory, file));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT');
  for (const step of migrations.slice(0, version)) database.exec(step);
  database.prepare('INSERT INTO schema_version VALUES (?)').run(version);
  const { table, insert } = rows[name];
  const statement = database.prepare(insert);
  database.exec('BEGIN');
  for (let index = 0; index < count; index += 1) statement.run(`key-${index}`, 'idle');
  database.exec('COMMIT');
  database.close();
  return table;
}

/** How many rows of that kind a store holds. Throws where it is damaged. */
export function rowsOf(path: string, name: DatabaseName): number {
  return using(path, (database) => {
    const check = database.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
    if (check !== 'ok') throw new Error(`"${path}" is damaged: ${String(check)}`);
    return Number(database.prepare(`SELECT count(*) AS n FROM ${rows[name].table}`).get()?.['n']);
  });
}

export function versionOf(path: string): number {
  return using(path, (database) => Number(database.prepare('SELECT version FROM schema_version').get()?.['version']));
}

function using<T>(path: string, look: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  try {
    return look(database);
  } finally {
    database.close();
  }
}
