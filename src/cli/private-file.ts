// Reads a file with passwords in the clear, and only where nobody but its owner can. Its content never stands in an error.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UsageProblem } from './usage-problem.ts';

const chunkBytes = 262_144;

/** Throws a UsageProblem where it is missing, and an error that ends with `advice` where others can read it. */
export function readPrivateFile(file: string, mostBytes: number, advice: string): Buffer {
  return Buffer.concat([...privateChunks(file, mostBytes, advice)]);
}

/** A piece at a time; throws as the other does, once it is begun. */
export function* privateChunks(file: string, mostBytes: number, advice: string): Generator<Buffer> {
  const descriptor = open(file);
  try {
    const status = fstatSync(descriptor);
    if (status.isDirectory()) throw new UsageProblem(`"${file}" is a directory, name a file`);
    // Windows keeps no such bits.
    if (process.platform !== 'win32' && (status.mode & 0o077) !== 0) {
      const mode = (status.mode & 0o777).toString(8).padStart(4, '0');
      throw new Error(`File "${file}" can be read by others (mode ${mode}), set its mode to 0600; ${advice}`);
    }
    if (status.size > mostBytes) throw new Error(`File "${file}" is larger than ${mostBytes} bytes`);
    yield* chunksOf(descriptor, mostBytes, `File "${file}"`);
  } finally {
    closeSync(descriptor);
  }
}

/** What somebody else opened for this process and handed to it. */
export function givenChunks(mostBytes: number): Generator<Buffer> {
  return chunksOf(0, mostBytes, 'What stands on standard input');
}

function* chunksOf(descriptor: number, mostBytes: number, what: string): Generator<Buffer> {
  let size = 0;
  for (let chunk = nextChunk(descriptor); chunk.length > 0; chunk = nextChunk(descriptor)) {
    size += chunk.length;
    if (size > mostBytes) throw new Error(`${what} is larger than ${mostBytes} bytes`);
    yield chunk;
  }
}

function nextChunk(descriptor: number): Buffer {
  const chunk = Buffer.allocUnsafeSlow(chunkBytes);
  return chunk.subarray(0, readSync(descriptor, chunk));
}

function open(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT') throw new UsageProblem(`File "${file}" does not exist`, { cause });
    throw new Error(`File "${file}" cannot be read (${code})`, { cause });
  }
}
