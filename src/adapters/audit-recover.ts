// Writes what an outage left unconfirmed into a new segment, byte for byte, and syncs it before anything else may be
// written. A segment that fails halfway is removed; where even that fails, its lines are repeats and do no harm.

import type { AuditDirectories } from './audit-directories.ts';
import type { AuditSegment } from './audit-segment.ts';
import type { SigningKey } from './audit-signing.ts';

export interface Recovery {
  readonly key: SigningKey;
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
  /** Name of the segment before, so that the new one sorts behind it. */
  readonly behind: string | null;
  readonly bytes: Buffer;
  /** False while the reserve is given up to make room for this. */
  readonly withReserve: boolean;
  /** Called with the new, still empty segment. */
  readonly opened: (segment: AuditSegment) => void;
}

/** The new segment, holding `bytes` on the disk. Rejects with the last directory's error when none takes them. */
export async function recoverLog(directories: AuditDirectories, recovery: Recovery): Promise<AuditSegment> {
  let failure: unknown;
  for (const directory of directories.all) {
    try {
      return await recoverInto(directories, directory, recovery);
    } catch (cause) {
      failure = cause;
    }
  }
  throw failure;
}

async function recoverInto(directories: AuditDirectories, directory: string, recovery: Recovery): Promise<AuditSegment> {
  directories.prepare(directory, recovery.key, recovery.withReserve);
  const segment = directories.createSegment(directory, recovery.date, recovery.behind);
  try {
    recovery.opened(segment);
    const { error } = segment.write(recovery.bytes);
    if (error !== null) throw error;
    await synced(segment);
    return segment;
  } catch (cause) {
    segment.discard();
    throw cause;
  }
}

function synced(segment: AuditSegment): Promise<void> {
  return new Promise((resolve, reject) => {
    segment.sync((error) => (error === null ? resolve() : reject(error)));
  });
}
