// The records of a log from its beginning, as far as they are left: of those that were let go the few lines that are kept, then all
// others. For whoever looks for one kind of record in the whole log.

import { existsSync } from 'node:fs';
import { readRecord } from '../core/audit/read-record.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { AuditFollower } from './audit-follow.ts';
import { keptLines, listPruned } from './audit-pruned-file.ts';

export interface RecordLeft extends ReadRecord {
  readonly bytes: Uint8Array;
}

/** Up to record `last`. Rejects as AuditFollower does, and with PrunedDamaged. */
export async function* recordsLeft(directories: readonly string[], last: number): AsyncGenerator<RecordLeft> {
  const pruned = await listPruned(directories.filter((directory) => existsSync(directory)));
  for await (const { line } of keptLines(pruned)) {
    const record = readRecord(line.text);
    if (record !== null) yield { ...record, bytes: line.bytes };
  }
  for await (const { record, line } of new AuditFollower(directories, 0).read(last)) yield { ...record, bytes: line.bytes };
}
