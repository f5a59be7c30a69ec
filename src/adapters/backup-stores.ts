// Takes each store as it is at one moment, beside a running gateway that goes on writing: SQLite copies from a reader's view,
// which holds up no writer (WAL). What belongs to people signed in now is left out: after a restore they sign in again.

import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { checkRoom } from './backup-room.ts';
import { BackupRefused } from './backup-refused.ts';
import { removeLeftovers, unfinishedName } from './backup-leftovers.ts';
import { schemas } from './state-schema.ts';
import type { DatabaseName } from './state-schema.ts';

/** Tables of sessions and of one-time codes: whoever holds the backup must not be able to go on in somebody's name. */
export const leftOutTables: Readonly<Record<DatabaseName, readonly string[]>> = {
  identity: ['held_posts', 'session_tombstones', 'enrol_codes'],
  sessions: [
    'sessions',
    'sign_ins',
    'interactions',
    'short_notes',
    'ehr_standings',
    'ehr_selections',
    'ehr_tries',
    'refused_accounts',
    'desk_people',
  ],
};

export interface StoreCopy {
  readonly name: DatabaseName;
  /** Of the original. */
  readonly from: string;
  readonly path: string;
  /** Form of the store, as state-schema.ts counts. */
  readonly version: number;
}

const busyMilliseconds = 5000;
const names: readonly DatabaseName[] = ['identity', 'sessions'];

/** The directory for the copies, inside the data directory: they are as secret as what lies there. Remove it afterwards. */
export function openStoreCopies(dataDirectory: string): string {
  const path = join(dataDirectory, '.backup');
  removeLeftovers(path);
  const directory = unfinishedName(path);
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}

/** Throws BackupRefused, naming the file and the fix. */
export function copyStores(dataDirectory: string, into: string): readonly StoreCopy[] {
  const sizes = names.map((name) => statSync(originalOf(dataDirectory, name), { throwIfNoEntry: false })?.size ?? 0);
  // Once for the copy, and once for closing its gaps.
  checkRoom(dataDirectory, 2 * sizes.reduce((sum, size) => sum + size, 0));
  return names.map((name) => copyStore(name, originalOf(dataDirectory, name), join(into, schemas[name].file)));
}

function originalOf(dataDirectory: string, name: DatabaseName): string {
  return join(dataDirectory, schemas[name].file);
}

function copyStore(name: DatabaseName, from: string, path: string): StoreCopy {
  try {
    if (statSync(from, { throwIfNoEntry: false }) === undefined) throw new Error('there is no such file; start the gateway once');
    // Made before SQLite does, which would let others read it.
    closeSync(openSync(path, 'wx', 0o600));
    using(from, (database) => database.prepare('VACUUM INTO ?').run(path));
    return { name, from, path, version: using(path, (copy) => closeGaps(copy, name)) };
  } catch (cause) {
    throw new BackupRefused(`"${from}": ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Takes out what is not kept, so that no trace of it stays in the file, and looks whether the rest is sound. */
function closeGaps(copy: DatabaseSync, name: DatabaseName): number {
  const version = Number(copy.prepare('SELECT version FROM schema_version').get()?.['version'] ?? 0);
  const known = schemas[name].migrations.length;
  if (version > known)
    throw new Error(`its schema version is ${version} and this program knows up to ${known}; use the newer program`);
  const tables = copy.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const left = tables.map((row) => String(row['name'])).filter((table) => leftOutTables[name].includes(table));
  for (const table of left) copy.exec(`DELETE FROM ${table}`);
  if (left.length > 0) copy.exec('VACUUM');
  const [found] = copy.prepare('PRAGMA integrity_check').all();
  if (found?.['integrity_check'] !== 'ok') throw new Error(`it is damaged: ${String(found?.['integrity_check'])}`);
  return version;
}

function using<T>(path: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path, { timeout: busyMilliseconds });
  try {
    return work(database);
  } finally {
    database.close();
  }
}
