// Brings one file of the embedded state to the form of this program: from an empty file, or from an older version, of which a
// copy is kept beside it first. A newer form is never touched. Runs in the thread that owns the file.

import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { programVersion, versionNumber, versionOfNumber } from './program-version.ts';
import { syncDirectory } from './sync-directory.ts';

/** Copies kept of one store: of the last two upgrades. */
const keptCopies = 2;

/** Throws, saying which version or copy to use, where the file is of a newer program, damaged, or cannot be copied. */
export function upgradeStore(database: DatabaseSync, path: string, migrations: readonly string[]): void {
  database.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT');
  const version = Number(database.prepare('SELECT version FROM schema_version').get()?.['version'] ?? 0);
  if (version > migrations.length) throw new Error(newerForm(database, path, version, migrations.length));
  if (version === migrations.length) return;
  // An empty store has nothing to lose.
  if (version > 0) keepCopy(database, path, migrations.length);
  migrate(database, migrations, version);
}

/** All steps or none: a crash in between leaves the old form. */
function migrate(database: DatabaseSync, migrations: readonly string[], from: number): void {
  database.exec('BEGIN IMMEDIATE');
  for (const migration of migrations.slice(from)) database.exec(migration);
  database.exec('DELETE FROM schema_version');
  database.prepare('INSERT INTO schema_version VALUES (?)').run(migrations.length);
  database.exec(`PRAGMA user_version = ${versionNumber(programVersion())}`);
  database.exec('COMMIT');
}

/** The store as it is, whole and on the disk under its name before this returns. */
function keepCopy(database: DatabaseSync, path: string, to: number): void {
  const copy = `${path}.before-${to}`;
  const part = `${copy}.part`;
  for (const left of [part, `${part}-journal`]) rmSync(left, { force: true });
  // Made before SQLite does, which would let others read it.
  closeSync(openSync(part, 'wx', 0o600));
  database.prepare('VACUUM INTO ?').run(part);
  const descriptor = openSync(part, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(part, copy);
  syncDirectory(dirname(path));
  for (const { name } of copiesOf(path).slice(keptCopies)) rmSync(join(dirname(path), name), { force: true });
}

interface Copy {
  readonly name: string;
  /** The version that it was made before. */
  readonly before: number;
}

/** The newest first. */
function copiesOf(path: string): readonly Copy[] {
  const prefix = `${basename(path)}.before-`;
  const copies = readdirSync(dirname(path)).flatMap((name) => {
    const before = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    return /^\d{1,6}$/.test(before) ? [{ name, before: Number(before) }] : [];
  });
  return copies.sort((a, b) => b.before - a.before);
}

function newerForm(database: DatabaseSync, path: string, version: number, known: number): string {
  const writer = versionOfNumber(Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0));
  const program = writer === null ? 'the newer program' : `Wardgate ${writer} or newer`;
  const copy = copiesOf(path).find(({ before }) => before <= known + 1);
  const back = copy === undefined ? '' : ` go back to "${copy.name}" as docs/operations.md tells,`;
  return `its schema version is ${version} and this program knows up to ${known}; start ${program},${back} or restore a backup`;
}
