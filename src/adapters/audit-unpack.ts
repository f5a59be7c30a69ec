// Unpacks a segment that was packed with gzip, in constant memory. What is damaged, cut short or has anything behind its end is
// told as damage and never passed over.

import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const pieceBytes = 262_144;

/** A packed file that does not unpack: it was changed or cut short. */
export class SegmentDamaged extends Error {
  readonly file: string;
  constructor(file: string, cause: unknown) {
    super(`"${file}" cannot be unpacked: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'SegmentDamaged';
    this.file = file;
  }
}

/** The bytes that were packed. `file` is the name in an error. Rejects with SegmentDamaged and whatever `packed` does. */
export async function* unpacked(packed: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  const fed = { bytes: 0, failed: null as unknown };
  const source = Readable.from(counted(packed, fed), { objectMode: false });
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  source.on('error', (cause) => gunzip.destroy(cause));
  source.pipe(gunzip);
  try {
    for await (const piece of gunzip) yield piece as Buffer;
  } catch (cause) {
    throw fed.failed ?? new SegmentDamaged(file, cause);
  } finally {
    source.destroy();
  }
  // zlib passes over zeros behind the end.
  if (gunzip.bytesWritten !== fed.bytes) throw new SegmentDamaged(file, new Error('something stands behind its end'));
}

async function* counted(packed: AsyncIterable<Buffer>, fed: { bytes: number; failed: unknown }): AsyncGenerator<Buffer> {
  try {
    for await (const piece of packed) {
      fed.bytes += piece.length;
      yield piece;
    }
  } catch (cause) {
    fed.failed = cause;
    throw cause;
  }
}
