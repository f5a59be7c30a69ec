// The one place where a file of the log is found and opened for reading, in whichever form it lies there: its lines, or packed.
// A file that is packed meanwhile is read on in its new form; a plain one may still be growing.

import { open, readdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecord } from '../core/audit/read-record.ts';
import { compareSegmentNames, readSegmentFile, segmentEndings } from '../core/audit/segment-name.ts';
import type { SegmentForm } from '../core/audit/segment-name.ts';
import { linesIn, longestLineBytes } from './audit-read-lines.ts';
import type { Chunk } from './audit-read-lines.ts';
import { errorCode } from './audit-refused.ts';
import { SegmentDamaged, unpacked } from './audit-unpack.ts';

/** A file of the log. `firstSequence` is null where its first line is no record. */
export interface SegmentFile {
  readonly directory: string;
  /** In the chain, whatever its form. */
  readonly name: string;
  readonly form: SegmentForm;
  readonly firstSequence: number | null;
}

const chunkBytes = 1_048_576;

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
    const forms = new Map<string, SegmentForm>();
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const segment = readSegmentFile(entry.name);
      if (segment === null || segment.form === 'pruned' || segment.name.slice(0, 10) < from) continue;
      if (!entry.isFile()) throw new NotASegment(directory, entry.name);
      if (forms.get(segment.name) !== 'plain') forms.set(segment.name, segment.form);
    }
    for (const [name, form] of forms) {
      found.push({ directory, name, form, firstSequence: await firstSequence({ directory, name, form }) });
    }
  }
  return found.sort((a, b) => compareSegmentNames(a.name, b.name));
}

type Place = Pick<SegmentFile, 'directory' | 'name' | 'form'>;

/** Where the file lies. */
export function segmentPath({ directory, name, form }: Place): string {
  return join(directory, name + segmentEndings[form]);
}

/** Reads on from `offset`, at most up to `end`, both in bytes of lines. Rejects with SegmentDamaged and system errors. */
export async function* readSegment(file: Place, offset = 0, end = Infinity): AsyncGenerator<Chunk> {
  const { handle, form } = await opened(file);
  const path = segmentPath({ ...file, form });
  try {
    if (form === 'plain') yield* linesIn(piecesOf(handle, offset, end), offset, false);
    // What is packed was judged before: a longer line than ours was made to fill our memory or our time.
    else yield* linesIn(part(unpacked(piecesOf(handle, 0, Infinity), path), offset, end), offset, true);
  } finally {
    await handle.close();
  }
}

/** The bytes that a packed file holds, which need not have its name yet. */
export async function* packedBytes(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r');
  try {
    yield* unpacked(piecesOf(handle, 0, Infinity), path);
  } finally {
    await handle.close();
  }
}

/** All bytes of the lines, in whichever form they lie. */
export async function* segmentBytes(file: Place, end = Infinity): AsyncGenerator<Buffer> {
  const { handle, form } = await opened(file);
  try {
    if (form === 'plain') yield* piecesOf(handle, 0, end);
    else yield* part(unpacked(piecesOf(handle, 0, Infinity), segmentPath({ ...file, form })), 0, end);
  } finally {
    await handle.close();
  }
}

/** The gateway packs what is closed, and somebody may have unpacked it again: the other form is tried where one is gone. */
async function opened(file: Place): Promise<{ readonly handle: FileHandle; readonly form: SegmentForm }> {
  const other = file.form === 'plain' ? 'packed' : 'plain';
  try {
    return { handle: await open(segmentPath(file), 'r'), form: file.form };
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw cause;
  }
  return { handle: await open(segmentPath({ ...file, form: other }), 'r'), form: other };
}

async function* piecesOf(file: FileHandle, offset: number, end: number): AsyncGenerator<Buffer> {
  for (let position = offset; position < end;) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, end - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* part(pieces: AsyncIterable<Buffer>, offset: number, end: number): AsyncGenerator<Buffer> {
  let position = 0;
  for await (const piece of pieces) {
    const wanted = piece.subarray(Math.max(0, offset - position), Math.max(0, end - position));
    position += piece.length;
    if (wanted.length > 0) yield wanted;
    if (position >= end) return;
  }
}

async function firstSequence(file: Place): Promise<number | null> {
  try {
    for await (const { lines } of readSegment(file, 0, longestLineBytes)) {
      const [first] = lines;
      if (first !== undefined) return readRecord(first.text)?.sequence ?? null;
    }
  } catch (cause) {
    // Whoever reads it meets the damage again and tells it.
    if (!(cause instanceof SegmentDamaged)) throw cause;
  }
  return null;
}
