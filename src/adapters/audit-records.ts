// Reads the records of a log in their order, for showing and searching. Records that stand twice after trouble come once.
// It does not verify; what it yields is only as good as `wardgate audit verify` says.

import { readRecord } from '../core/audit/read-record.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { listSegments, readSegment } from './audit-segment-files.ts';

/** A record and where it stands. `text` is its line as written. */
export interface FoundRecord {
  readonly record: ReadRecord;
  readonly text: string;
  readonly file: string;
}

/**
 * Every readable record, oldest first, in constant memory. `from` (`YYYY-MM-DD`, UTC) leaves out the files of the days
 * before, unopened. Rejects with system errors.
 */
export async function* readAuditRecords(directories: readonly string[], from = ''): AsyncGenerator<FoundRecord> {
  let last = 0;
  for (const segment of await listSegments(directories, from)) {
    for await (const { lines } of readSegment(segment)) {
      for (const { text } of lines) {
        const record = readRecord(text);
        if (record === null || record.sequence <= last) continue;
        last = record.sequence;
        yield { record, text, file: segment.name };
      }
    }
  }
}
