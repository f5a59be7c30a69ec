// Writes a small file whole or not at all, beside a gateway that may run under another account: what root writes belongs to
// whoever owns the place. After a power loss there is the old file or the new one.

import { chmodSync, chownSync, closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { removeLeftovers, removeLeftoversOf, unfinishedName } from './backup-leftovers.ts';
import { errorCode } from './audit-refused.ts';
import { syncDirectory } from './sync-directory.ts';

const ownerOnly = 0o600;

/** `like` is the file or directory whose owner gets it, and whose mode where it is a file. `new`: throws where the name is taken. */
export function writeOwned(path: string, bytes: Uint8Array, like: string, how: 'new' | 'replace' = 'replace'): void {
  removeLeftovers(path);
  try {
    // A name that is linked and not renamed cannot take the place of another one's.
    put({ path, bytes }, like, how === 'new' ? linkSync : renameSync);
    syncDirectory(dirname(path));
  } catch (cause) {
    if (how === 'new' && errorCode(cause) === 'EEXIST') {
      throw new Error(`"${path}" was written meanwhile, so another change is under way; try again`, { cause });
    }
    throw cause;
  }
}

/** The same in the place of whatever has the name, while the thread does other things: a long file takes its time. */
export async function writeOwnedMeanwhile(path: string, bytes: Uint8Array, like: string): Promise<void> {
  removeLeftovers(path);
  const beside = unfinishedName(path);
  try {
    await writeFile(beside, bytes, { flag: 'wx', mode: ownerOnly, flush: true });
    ownLike(beside, like);
    renameSync(beside, path);
    syncDirectory(dirname(path));
  } finally {
    rmSync(beside, { force: true });
  }
}

export interface OwnedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Each as `writeOwned` replaces one. After a power loss any of them may still be the old one; each directory is synced once. */
export function writeOwnedTogether(files: readonly OwnedFile[], like: string): void {
  const byDirectory = Map.groupBy(files, ({ path }) => dirname(path));
  for (const [directory, inIt] of byDirectory) {
    removeLeftoversOf(directory, new Set(inIt.map(({ path }) => basename(path))));
    for (const file of inIt) put(file, like, renameSync);
    syncDirectory(directory);
  }
}

function put({ path, bytes }: OwnedFile, like: string, name: (from: string, to: string) => void): void {
  const beside = unfinishedName(path);
  try {
    fill(beside, bytes);
    ownLike(beside, like);
    name(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
}

function fill(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, 'wx', ownerOnly);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Gives `path` the owner of `like`, and its mode where that is a file. */
export function ownLike(path: string, like: string): void {
  if (process.platform === 'win32') return;
  const wanted = statSync(like);
  const own = statSync(path);
  // Nobody but root can give files away, and nobody else has to.
  if (own.uid !== wanted.uid) chownSync(path, wanted.uid, wanted.gid);
  if (wanted.isFile()) chmodSync(path, wanted.mode & 0o777);
}
