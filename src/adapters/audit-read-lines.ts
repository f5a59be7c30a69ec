// Cuts the bytes of a segment into lines in constant memory. It opens no file and never judges what it reads; a line too long
// to be ours comes out empty, so that it is judged as no record.

import type { Line } from '../core/audit/verify-chain.ts';

/** Lines that came out of one read, and the bytes behind the last newline once the end of the file was met. */
export interface Chunk {
  readonly lines: readonly CutLine[];
  readonly torn: number;
}

/** Our longest line is under 64 KiB. */
export const longestLineBytes = 131_072;
const newline = 0x0a;

/** Lines in pieces of a file that begin at `offset`. `most`: ends with an empty line where one is longer than a record can be. */
export async function* linesIn(pieces: AsyncIterable<Buffer>, offset: number, most: boolean): AsyncGenerator<Chunk> {
  const splitter = new LineSplitter(offset);
  for await (const piece of pieces) {
    yield { lines: splitter.push(piece), torn: 0 };
    if (!most || splitter.waiting <= longestLineBytes) continue;
    yield { lines: splitter.push(Buffer.of(newline)), torn: 0 };
    return;
  }
  yield { lines: [], torn: splitter.waiting };
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

  push(chunk: Buffer): CutLine[] {
    const lines: CutLine[] = [];
    let start = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, start)) {
      lines.push(this.#line(chunk.subarray(start, at)));
      start = at + 1;
    }
    this.#carry(chunk.subarray(start));
    return lines;
  }

  #line(rest: Buffer): CutLine {
    const whole = this.#carried.length === 0 ? Buffer.from(rest) : Buffer.concat([this.#carried, rest]);
    const length = whole.length + this.#dropped;
    this.#position += length + 1;
    this.#number += 1;
    const isTooLong = length > longestLineBytes;
    this.#carried = Buffer.alloc(0);
    this.#dropped = 0;
    return new CutLine(isTooLong ? Buffer.alloc(0) : whole, this.#number, this.#position);
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

/** Whoever only hashes it pays for no text, and none is kept of what was read. */
export class CutLine implements Line {
  readonly bytes: Buffer;
  readonly number: number;
  readonly end: number;

  constructor(bytes: Buffer, number: number, end: number) {
    this.bytes = bytes;
    this.number = number;
    this.end = end;
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }
}
