// Lays checkpoints where whoever owns this machine cannot take them back: a directory that another machine offers. Each is a
// new file and none is ever written over, so what was anchored stays.

import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorCode } from './audit-refused.ts';

const sizeDigits = 12;
/** Not every file server knows hard links. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** `wardgate-<log>-<records>.txt`: several gateways may share a place. `origin` names the log in its checkpoints. */
export function anchorName(origin: string, size: number): string {
  return `${anchorPrefix(origin)}${String(size).padStart(sizeDigits, '0')}.txt`;
}

function anchorPrefix(origin: string): string {
  return `wardgate-${origin.slice(origin.lastIndexOf('/') + 1)}-`;
}

/** Throws system errors, also where the directory is not there: a place that is not mounted must not be made here. */
export function writeAnchor(directory: string, name: string, content: string): void {
  const path = join(directory, name);
  const beside = join(directory, `.${name}-${process.pid}`);
  try {
    fill(beside, content);
    place(beside, path, content);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Paths of this log's checkpoints in a place. */
export function anchoredIn(directory: string, origin: string): string[] {
  const prefix = anchorPrefix(origin);
  return readdirSync(directory)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.txt'))
    .sort()
    .map((name) => join(directory, name));
}

/** True where both lie on one disk, so that what takes one takes the other. */
export function onSameDisk(one: string, other: string): boolean {
  return statSync(one).dev === statSync(other).dev;
}

function place(beside: string, path: string, content: string): void {
  try {
    linkSync(beside, path);
  } catch (cause) {
    if (noLinks.has(errorCode(cause)) && !existsSync(path)) return fill(path, content);
    if (!existsSync(path)) throw cause;
    if (readFileSync(path, 'utf8') !== content) {
      throw new Error(`"${path}" is another checkpoint of as many records`, { cause });
    }
  }
}

function fill(path: string, content: string): void {
  const bytes = Buffer.from(content);
  const descriptor = openSync(path, 'wx', 0o644);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
