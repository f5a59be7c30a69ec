// Names for what a backup or a restore has not finished yet, and the end of what an earlier one left when it was killed: half
// a backup, or stores in a form that nobody has locked.

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './audit-refused.ts';

const unfinished = /^(.+)-([1-9]\d{0,9})$/;

/** `path` with this process's number behind it. */
export function unfinishedName(path: string): string {
  return `${path}-${process.pid}`;
}

/** Removes what processes that are gone left under such names. Throws the system's error where that cannot be done. */
export function removeLeftovers(path: string): void {
  removeLeftoversOf(dirname(path), new Set([basename(path)]));
}

/** The same of several names in one directory. */
export function removeLeftoversOf(directory: string, names: ReadonlySet<string>): void {
  if (!existsSync(directory)) return;
  for (const found of readdirSync(directory)) {
    const [, name = '', pid] = unfinished.exec(found) ?? [];
    if (names.has(name) && !isAlive(Number(pid))) rmSync(join(directory, found), { recursive: true, force: true });
  }
}

/** A name with our own number is from an earlier life: whoever asks has only begun. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return errorCode(cause) !== 'ESRCH';
  }
}
