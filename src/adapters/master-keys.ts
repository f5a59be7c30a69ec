// Reads the file of master keys: one base64 line each, the newest first. Never writes, and never puts a key into an error.

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';

export const masterKeyBytes = 32;
/** Keys in one file: the newest seals, all of them open. */
export const mostMasterKeys = 32;
const mostFileBytes = 8192;

export interface MasterKey {
  /** Stands in every value that the key has sealed. */
  readonly id: string;
  readonly key: Buffer;
}

export interface MasterKeyFile {
  /** At least one; the first seals. */
  readonly keys: readonly MasterKey[];
  /** As `stampOf` names the file that was read. */
  readonly stamp: string;
}

/** Throws, naming the file and the fix, when it is missing, malformed or readable by others. */
export function readMasterKeys(file: string): MasterKeyFile {
  const { content, stamp } = readWhole(file);
  const lines = content.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0 || lines.length > mostMasterKeys) {
    throw new Error(`The master key "${file}" must hold 1 to ${mostMasterKeys} keys, one a line, and holds ${lines.length}`);
  }
  return { keys: lines.map((line, index) => parseKey(line.trim(), file, index + 1)), stamp };
}

/** Changes whenever the file may have; empty where it cannot be looked at, which reading it will explain. */
export function stampOf(file: string): string {
  try {
    return stampFrom(statSync(file, { bigint: true }));
  } catch {
    return '';
  }
}

// One descriptor for all three, so that mode, stamp and content are of the same file also while it is replaced.
function readWhole(file: string): { readonly content: string; readonly stamp: string } {
  const descriptor = openToRead(file);
  try {
    const status = fstatSync(descriptor, { bigint: true });
    // Group or others reading the key is as good as no key. Windows keeps no such bits.
    if (process.platform !== 'win32' && (status.mode & 0o077n) !== 0n) {
      throw new Error(`The master key "${file}" can be read by others (mode ${octal(status.mode)}); set its mode to 0600`);
    }
    if (status.size > mostFileBytes) throw new Error(`The master key "${file}" is larger than ${mostFileBytes} bytes`);
    return { content: readFileSync(descriptor, 'utf8'), stamp: stampFrom(status) };
  } finally {
    closeSync(descriptor);
  }
}

function openToRead(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    throw new Error(`The master key "${file}" does not exist; "wardgate keys init" makes one`, { cause });
  }
}

function parseKey(line: string, file: string, number: number): MasterKey {
  const key = Buffer.from(line, 'base64');
  if (key.length !== masterKeyBytes || !/^[A-Za-z0-9+/]{43}=$/.test(line)) {
    throw new Error(`${file}:${number}: a master key is ${masterKeyBytes} bytes in base64; "wardgate keys init" makes one`);
  }
  const id = createHash('sha256').update('wardgate key id').update(key).digest('base64url').slice(0, 8);
  return { id, key };
}

function stampFrom({ dev, ino, size, mode, mtimeNs }: BigIntStats): string {
  return [dev, ino, size, mode, mtimeNs].join(' ');
}

function octal(mode: bigint): string {
  return (mode & 0o777n).toString(8).padStart(4, '0');
}
