// Opens one file of the embedded state beside a running gateway: without its lock, for a command line that reads or changes
// single rows. Never creates a file and never changes a schema; both are the gateway's own business.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { schemas } from './state-schema.ts';
import type { DatabaseName } from './state-schema.ts';

/** How long to wait for the gateway's own write, and it for ours. */
const busyMilliseconds = 5000;

/** Throws, naming the file and the fix, where it is missing, no database, or of another version of the program. */
export function openDatabaseFile(dataDirectory: string, name: DatabaseName): DatabaseSync {
  const { file, synchronous, migrations } = schemas[name];
  const path = join(dataDirectory, file);
  if (!existsSync(path))
    throw new Error(`Cannot open "${path}": there is no such file; start the gateway once, or name its data directory`);
  const database = new DatabaseSync(path, { timeout: busyMilliseconds });
  try {
    const version = Number(database.prepare('SELECT version FROM schema_version').get()?.['version'] ?? 0);
    if (version !== migrations.length) throw new Error(otherVersion(version, migrations.length));
    database.exec(`PRAGMA synchronous = ${synchronous}`);
    return database;
  } catch (cause) {
    database.close();
    throw new Error(`Cannot open "${path}": ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function otherVersion(found: number, known: number): string {
  const fix = found > known ? 'use the newer program' : 'start the gateway of this version once';
  return `its schema version is ${found} and this program knows ${known}; ${fix}`;
}
