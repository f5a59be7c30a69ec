// `retention.json` beside the log: for how long records are kept, as the log says it last, and the holds in force. It is made from
// the record where it is not there; one that cannot be read stops all pruning until somebody has looked at it.

import { join } from 'node:path';
import { z } from 'zod';
import { readHoldNote, readReleaseNote } from '../core/audit/hold.ts';
import { readRetentionNote } from '../core/audit/retention-note.ts';
import type { Retention } from '../core/audit/retention-note.ts';
import type { KeptHold } from '../retention-ports.ts';
import { recordsLeft } from './audit-records-left.ts';
import { contentOf } from './audit-tree-files.ts';
import { writeOwned } from './write-owned.ts';

export interface RetentionState {
  /** Null before the log says it. */
  readonly retention: Retention | null;
  readonly holds: readonly KeptHold[];
}

export const retentionFile = 'retention.json';
/** Holds at one time. */
export const mostHolds = 200;

const text = z.string().max(600);
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .nullable();
const hold = z.strictObject({ name: text, from: date, to: date, by: text, because: text, at: text });
const form = z.strictObject({
  version: z.literal(1),
  retention: z.union([z.int().min(1), z.literal('unlimited')]).nullable(),
  holds: z.array(hold).max(mostHolds),
});

export function readRetentionState(directory: string): RetentionState | 'absent' | 'unreadable' {
  try {
    const content = contentOf(join(directory, retentionFile));
    return content === null ? 'absent' : form.parse(JSON.parse(content.toString('utf8')));
  } catch {
    return 'unreadable';
  }
}

/** On the disk when it returns. */
export function writeRetentionState(directory: string, { retention, holds }: RetentionState): void {
  const bytes = Buffer.from(`${JSON.stringify({ version: 1, retention, holds }, null, 1)}\n`);
  writeOwned(join(directory, retentionFile), bytes, directory);
}

/** As the records up to `last` tell it. Reads the whole log. */
export async function stateFromRecord(
  directories: readonly string[],
  last: number,
  pause: () => Promise<unknown>,
): Promise<RetentionState> {
  let retention: Retention | null = null;
  let holds: KeptHold[] = [];
  let read = 0;
  for await (const { event, detail, fields } of recordsLeft(directories, last)) {
    read += 1;
    if (read % 1000 === 0) await pause();
    const begun = event === 'audit-hold' ? readHoldNote(detail ?? '') : null;
    if (begun !== null) holds.push({ ...begun, at: String(fields['time']) });
    const ended = event === 'audit-hold-released' ? readReleaseNote(detail ?? '') : null;
    if (ended !== null) holds = holds.filter(({ name }) => name !== ended);
    const stated = event === 'configuration' ? readRetentionNote(detail ?? '') : null;
    if (stated !== null) retention = stated;
  }
  return { retention, holds };
}
