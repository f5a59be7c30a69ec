// The place a backup is restored to: a directory that is empty or not there yet, filled beside it and put there with one
// rename. What is there is never touched.

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorCode } from './audit-refused.ts';
import { removeLeftovers, unfinishedName } from './backup-leftovers.ts';
import { BackupRefused } from './backup-refused.ts';
import { syncDirectory } from './sync-directory.ts';

export interface RestoreTarget {
  /** Where the restored files are put together; on the same disk, for its owner alone. */
  readonly staging: string;
  /** Makes it the target, whole. Throws BackupRefused where something came in between. */
  readonly putInPlace: () => void;
  /** Removes what was put together and is not in place. */
  readonly discard: () => void;
}

/** Throws BackupRefused where the target is not empty, naming the gateway that runs there if one does. */
export function openRestoreTarget(to: string): RestoreTarget {
  const target = resolve(to);
  refuseTaken(target);
  const parent = dirname(target);
  mkdirSync(parent, { recursive: true });
  const path = `${target}.restoring`;
  removeLeftovers(path);
  const staging = unfinishedName(path);
  mkdirSync(staging, { mode: 0o700 });
  return {
    staging,
    putInPlace: () => putInPlace(staging, target),
    discard: () => rmSync(staging, { recursive: true, force: true }),
  };
}

function putInPlace(staging: string, target: string): void {
  refuseTaken(target);
  syncTree(staging);
  try {
    // An empty directory gives way to the rename, but not on every system.
    if (existsSync(target)) rmdirSync(target);
    renameSync(staging, target);
  } catch (cause) {
    if (!['EBUSY', 'EXDEV', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(cause))) throw cause;
    throw new BackupRefused(`"${target}" cannot be replaced (${errorCode(cause)}); name a new directory, below it where it is a disk of its own`, { cause }); // prettier-ignore
  }
  syncDirectory(dirname(target));
}

function refuseTaken(target: string): void {
  const found = statSync(target, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) throw new BackupRefused(`"${target}" is a file; name a directory that is empty or not there yet`);
  if (readdirSync(target).length === 0) return;
  for (const directory of [target, join(target, 'data')]) {
    const holder = holderOf(directory);
    if (holder !== null) {
      throw new BackupRefused(`"${target}" is in use by process ${holder}; stop that gateway, and name another directory`);
    }
  }
  throw new BackupRefused(`"${target}" is not empty, and nothing in it is overwritten; name a directory that is empty or not there yet`); // prettier-ignore
}

/** The process of the gateway that holds a data directory, or null. */
function holderOf(directory: string): string | null {
  const lock = join(directory, 'instance.lock');
  if (!existsSync(lock)) return null;
  const database = new DatabaseSync(lock, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return null;
  } catch (cause) {
    return isBusy(cause) ? pidIn(join(directory, 'instance.pid')) : null;
  } finally {
    database.close();
  }
}

/** SQLITE_BUSY: somebody else holds it. */
function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && cause.errcode === 5;
}

function pidIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

/** Every directory below and the top itself; the files in them are on the disk already. */
function syncTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) syncTree(join(directory, entry.name));
  }
  syncDirectory(directory);
}
