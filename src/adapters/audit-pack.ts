// Packs a closed segment with gzip: beside it, synced, read back and compared, and only then the plain file goes. Whatever moment
// the process ends at, the plain file or a packed one that was compared is there; while both are, the plain one counts.

import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { segmentEndings } from '../core/audit/segment-name.ts';
import { removeLeftovers, unfinishedName } from './backup-leftovers.ts';
import { packedBytes } from './audit-segment-files.ts';
import { syncDirectory } from './sync-directory.ts';
import { ownLike } from './write-owned.ts';

/** Each is a gzip member of its own, packed in this thread: the pool of the process is for what requests wait for. */
const pieceBytes = 1_048_576;
/** Lines like ours become a tenth; the log itself must never run out of room for this. */
const leastRoomBytes = 67_108_864;

/** `pause` is awaited between pieces, and may throw to give up. Rejects with system errors and a sentence where it must not go on. */
export async function packSegment(directory: string, name: string, pause: () => Promise<unknown> = () => setImmediate()) {
  const plain = join(directory, name);
  const beside = unfinishedName(join(directory, 'packing'));
  removeLeftovers(join(directory, 'packing'));
  rmSync(beside, { force: true });
  refuseTightRoom(directory, statSync(plain).size);
  try {
    const written = await pack(plain, beside, pause);
    ownLike(beside, plain);
    if ((await unpackedHash(beside, pause)) !== written)
      throw new Error(`"${name}" was packed, and what was read back is not what was packed; look at the disk`);
    renameSync(beside, plain + segmentEndings.packed);
    syncDirectory(directory);
  } finally {
    rmSync(beside, { force: true });
  }
  rmSync(plain);
  syncDirectory(directory);
}

function refuseTightRoom(directory: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(directory);
  if (bavail * bsize < leastRoomBytes + bytes / 2)
    throw new Error(`there is too little room in "${directory}" to pack old files`);
}

async function pack(from: string, to: string, pause: () => Promise<unknown>): Promise<string> {
  const seen = createHash('sha256');
  const source = openSync(from, 'r');
  const target = openSync(to, 'wx', 0o600);
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    for (let count = 0; ;) {
      const read = readSync(source, buffer, 0, pieceBytes, null);
      if (read === 0 && count > 0) break;
      const piece = buffer.subarray(0, read);
      seen.update(piece);
      const packed = gzipSync(piece);
      for (let at = 0; at < packed.length;) at += writeSync(target, packed, at);
      count += 1;
      await pause();
    }
    fsyncSync(target);
    return seen.digest('hex');
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

async function unpackedHash(path: string, pause: () => Promise<unknown>): Promise<string> {
  const seen = createHash('sha256');
  for await (const piece of packedBytes(path)) {
    seen.update(piece);
    await pause();
  }
  return seen.digest('hex');
}
