// Puts files where none stand yet: each is written beside its place, made durable and moved there as a whole. What stands
// there already is never overwritten; where that is asked for, it is kept beside as .bak.

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** Only its owner may read it. */
  readonly secret: boolean;
}

/** The copies that were made of what stood there. Throws an Error in words where a file cannot be written; then none is. */
export function putInPlace(files: readonly NewFile[], force: boolean): readonly string[] {
  const staged: { readonly from: string; readonly path: string }[] = [];
  const placed: { readonly path: string; readonly copy: string | null }[] = [];
  try {
    for (const file of files) staged.push({ from: stage(file), path: file.path });
    for (const { from, path } of staged) {
      const copy = force && stands(path) ? keepCopy(path) : null;
      if (copy === null) move(from, path);
      else renameSync(from, path);
      placed.push({ path, copy });
    }
    return placed.flatMap(({ copy }) => copy ?? []);
  } catch (cause) {
    for (const { path, copy } of placed) {
      if (copy === null) rmSync(path, { force: true });
      else renameSync(copy, path);
    }
    throw new Error(`Nothing new was written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  } finally {
    for (const { from } of staged) rmSync(from, { force: true });
  }
}

/** Whether something stands there, be it a link that leads nowhere. */
export function stands(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Durable beside its place, under a name that nobody else has. */
function stage({ path, text, secret }: NewFile): string {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${randomBytes(6).toString('hex')}.new`;
  const descriptor = openSync(beside, 'wx', secret ? 0o600 : 0o644);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return beside;
}

/** A link fails where a file stands by now, which a rename would replace. */
function move(from: string, path: string): void {
  try {
    linkSync(from, path);
  } catch (cause) {
    if (stands(path)) throw new Error(`"${path}" exists`, { cause });
    // Some file systems know no links.
    renameSync(from, path);
  }
}

/** `gateway.yaml.bak`, or with a number where that is taken. */
function keepCopy(path: string): string {
  for (let number = 1; ; number += 1) {
    const copy = number === 1 ? `${path}.bak` : `${path}.${number}.bak`;
    if (stands(copy)) continue;
    copyFileSync(path, copy, constants.COPYFILE_EXCL);
    return copy;
  }
}
