// Reads a segment line by line in constant memory, while it may still be growing. It never judges what it reads; a line
// too long to be ours comes out empty, so that it is judged as no record.

import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecord } from '../core/audit/read-record.ts';
import { compareSegmentNames, readSegmentName } from '../core/audit/segment-name.ts';
import type { Line } from '../core/audit/verify-chain.ts';

/** A file of the log. `firstSequence` is null where its first line is no record. */
export interface SegmentFile {
  readonly directory: string;
  readonly name: string;
  readonly firstSequence: number | null;
}

/** Lines that came out of one read, and the bytes behind the last newline once the end of the file was met. */
export interface Chunk {
  readonly lines: readonly Line[];
  readonly torn: number;
}

const chunkBytes = 1_048_576;
/** Our longest line is under 64 KiB. */
const longestLineBytes = 131_072;
const newline = 0x0a;

/** Something stands under a segment's name that is no regular file: a link or a device. We neither read nor write round it. */
export class NotASegment extends Error {
  readonly file: string;
  constructor(directory: string, file: string) {
    super(`"${join(directory, file)}" is not a regular file`);
    this.name = 'NotASegment';
    this.file = file;
  }
}

/** The segments of several directories in the order of the chain, from a day on. Throws NotASegment and system errors. */
export async function listSegments(directories: readonly string[], from = ''): Promise<SegmentFile[]> {
  const found: SegmentFile[] = [];
  for (const directory of directories) {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (readSegmentName(entry.name) === null || entry.name.slice(0, 10) < from) continue;
      if (!entry.isFile()) throw new NotASegment(directory, entry.name);
      found.push({ directory, name: entry.name, firstSequence: await firstSequence(join(directory, entry.name)) });
    }
  }
  return found.sort((a, b) => compareSegmentNames(a.name, b.name));
}

/** Reads on from `offset`, at most up to `end`. */
export async function* readLines(path: string, offset = 0, end = Infinity): AsyncGenerator<Chunk> {
  const file = await open(path, 'r');
  try {
    const splitter = new LineSplitter(offset);
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (let position = offset; position < end;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(chunkBytes, end - position), position);
      if (bytesRead === 0) break;
      position += bytesRead;
      yield { lines: splitter.push(buffer.subarray(0, bytesRead)), torn: 0 };
    }
    yield { lines: [], torn: splitter.waiting };
  } finally {
    await file.close();
  }
}

/** Cuts a stream of bytes at newlines; the start of an unfinished line is carried over. */
export class LineSplitter {
  #carried: Buffer = Buffer.alloc(0);
  #dropped = 0;
  #position: number;
  #number = 0;

  constructor(offset: number) {
    this.#position = offset;
  }

  /** Bytes since the last newline. */
  get waiting(): number {
    return this.#carried.length + this.#dropped;
  }

  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, start)) {
      lines.push(this.#line(chunk.subarray(start, at)));
      start = at + 1;
    }
    this.#carry(chunk.subarray(start));
    return lines;
  }

  #line(rest: Buffer): Line {
    const whole = this.#carried.length === 0 ? Buffer.from(rest) : Buffer.concat([this.#carried, rest]);
    const length = whole.length + this.#dropped;
    this.#position += length + 1;
    this.#number += 1;
    const isTooLong = length > longestLineBytes;
    this.#carried = Buffer.alloc(0);
    this.#dropped = 0;
    const bytes = isTooLong ? Buffer.alloc(0) : whole;
    return { bytes, text: bytes.toString('utf8'), number: this.#number, end: this.#position };
  }

  #carry(rest: Buffer): void {
    if (rest.length === 0) return;
    if (this.waiting + rest.length <= longestLineBytes) {
      this.#carried = Buffer.concat([this.#carried, rest]);
      return;
    }
    this.#dropped += this.#carried.length + rest.length;
    this.#carried = Buffer.alloc(0);
  }
}

async function firstSequence(path: string): Promise<number | null> {
  for await (const { lines } of readLines(path, 0, longestLineBytes)) {
    const [first] = lines;
    return first === undefined ? null : (readRecord(first.text)?.sequence ?? null);
  }
  return null;
}
