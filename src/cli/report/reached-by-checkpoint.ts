// Waits until a checkpoint reaches the last record that a report was made from, so that the bundle beside it proves every row.
// The running gateway writes one within ten seconds; where none runs, the last one is as far as it goes.

import { setTimeout } from 'node:timers/promises';
import { readCheckpoint } from '../../core/tree/checkpoint.ts';
import { readNote } from '../../core/tree/signed-note.ts';
import { contentOf, treeDirectory } from '../../adapters/audit-tree-files.ts';
import { join } from 'node:path';

const longestMilliseconds = 15_000;
const everyMilliseconds = 250;

/** Its signature is checked by whoever exports. */
export async function reachedByCheckpoint(directory: string, sequence: number): Promise<void> {
  const path = join(treeDirectory(directory), 'checkpoint');
  for (let waited = 0; waited < longestMilliseconds; waited += everyMilliseconds) {
    const note = readNote(contentOf(path)?.toString('utf8') ?? '');
    const size = note === null ? 0 : (readCheckpoint(note.text)?.size ?? 0);
    if (size >= sequence) return;
    await setTimeout(everyMilliseconds);
  }
}
