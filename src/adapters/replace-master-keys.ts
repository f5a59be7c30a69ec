// Replaces the file of master keys in one step: no moment shows half of it or lets others read it, and two commands at once
// cannot lose a key. Says nothing about which keys there should be.

import { closeSync, fchownSync, fstatSync, fsyncSync, openSync, realpathSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'; // prettier-ignore
import { dirname } from 'node:path';
import { readMasterKeys } from './master-keys.ts';
import type { MasterKey } from './master-keys.ts';
import { syncDirectory } from './sync-directory.ts';

/**
 * `change` gets the keys as they are while nobody else can change them, and returns those to write, the newest first.
 * `verb` is what an error says of it. Throws, naming the file and the fix; nothing has changed then.
 */
export function replaceMasterKeys(
  file: string,
  verb: 'rotate' | 'prune',
  change: (keys: readonly MasterKey[]) => readonly Buffer[],
): void {
  readMasterKeys(file);
  // A link stays one: what it points to is replaced.
  const path = realpathSync(file);
  const beside = `${path}.new`;
  const descriptor = createBeside(beside, file, verb);
  try {
    // Read while nobody else can replace it: the file beside is also the lock.
    const lines = change(readMasterKeys(path).keys).map((key) => key.toString('base64'));
    keepOwner(descriptor, path);
    writeSync(descriptor, `${lines.join('\n')}\n`);
    fsyncSync(descriptor);
    renameSync(beside, path);
    // The new name survives a power loss only with its directory.
    syncDirectory(dirname(path));
  } catch (cause) {
    removeIfThere(beside);
    throw cause;
  } finally {
    closeSync(descriptor);
  }
}

function createBeside(beside: string, file: string, verb: string): number {
  try {
    return openSync(beside, 'wx', 0o600);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    throw new Error(
      `Cannot ${verb} the master key "${file}": "${beside}" is there; another rotation is under way, or one broke off and the file may be removed`,
      { cause },
    );
  }
}

/** Whoever runs the gateway must still be able to read it, also where root replaces it. */
function keepOwner(descriptor: number, path: string): void {
  const { uid, gid } = statSync(path);
  if (fstatSync(descriptor).uid !== uid) fchownSync(descriptor, uid, gid);
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was renamed, or it stays and the next rotation names it.
  }
}
