// A file that holds room on the disk for the one record that must still fit when nothing else does: the record of the
// outage itself. It never holds anything worth reading.

import { randomFillSync } from 'node:crypto';
import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditFiles } from './audit-files.ts';
import { errorCode } from './audit-refused.ts';

const chunkBytes = 1_048_576;

/** Makes sure the reserve stands at its full size. Throws the system's error when there is no room for it. */
export function keepReserve(files: AuditFiles, directory: string, bytes: number): void {
  const path = join(directory, 'reserve');
  if (sizeOf(path) === bytes) return;
  releaseReserve(files, directory);
  // Asked first, so that trying again every second does not eat the last room of everybody else.
  const { bavail, bsize } = statfsSync(directory);
  if (bavail * bsize < bytes) throw Object.assign(new Error(`No room for ${bytes} bytes in "${directory}"`), { code: 'ENOSPC' });
  const descriptor = files.open(path, 'create');
  try {
    // Random bytes, because a file system that compresses would keep no room for zeros.
    const chunk = randomFillSync(Buffer.alloc(Math.min(chunkBytes, bytes)));
    for (let position = 0; position < bytes;) {
      position += files.write(descriptor, chunk, 0, Math.min(chunk.length, bytes - position), position);
    }
  } catch (cause) {
    releaseReserve(files, directory);
    throw cause;
  } finally {
    files.close(descriptor);
  }
}

/** Gives the room back to the disk. */
export function releaseReserve(files: AuditFiles, directory: string): void {
  try {
    files.remove(join(directory, 'reserve'));
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw cause;
  }
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}
