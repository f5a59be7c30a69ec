// The sentence in an `audit-pruned` record that tells a verifier which records were let go, and what shows that they were there.
// It is read back by the verifier, so writing and reading live side by side.

import { dayRange } from './day-range.ts';
import type { DayRange } from './day-range.ts';

export interface PruneNote {
  /** Numbers of the first and the last record; all between them go with them. */
  readonly first: number;
  readonly last: number;
  /** The policy in force. */
  readonly keptDays: number;
  /** Names of the first and the last file. */
  readonly firstFile: string;
  readonly lastFile: string;
  /** The earliest and the latest time in a record, ISO 8601, UTC. */
  readonly oldest: string;
  readonly newest: string;
  /** Of the tree of all records up to the last one, base64. */
  readonly root: string;
  /** Of the last record, as the one behind it has it. */
  readonly hash: string;
  /** SHA-256 over the lines that are kept of them, base64. */
  readonly kept: string;
  /** Records under the checkpoint that covered them. */
  readonly checkpoint: number;
}

const number = String.raw`([1-9]\d{0,15})`;
const time = String.raw`(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)`;
const base64 = '([A-Za-z0-9+/]{43}=)';
const pattern = new RegExp(
  `^Records ${number} to ${number} are let go after ${number} days: "([^"]{1,40})" to "([^"]{1,40})", from ${time} to ${time}; ` +
    `root ${base64}, hash ([0-9a-f]{64}), kept lines ${base64}, under the checkpoint of ${number} records$`,
);

export function writePruneNote(note: PruneNote): string {
  const { first, last, keptDays, firstFile, lastFile, oldest, newest, root, hash, kept, checkpoint } = note;
  const which = `Records ${first} to ${last} are let go after ${keptDays} days: "${firstFile}" to "${lastFile}"`;
  const shown = `root ${root}, hash ${hash}, kept lines ${kept}, under the checkpoint of ${checkpoint} records`;
  return `${which}, from ${oldest} to ${newest}; ${shown}`;
}

/** The days that the range reaches over, by the times in its records and by its files' names. */
export function prunedDays({ oldest, newest, firstFile, lastFile }: PruneNote): DayRange {
  return dayRange(oldest, newest, firstFile, lastFile);
}

/** The note, or null when the text is none. */
export function readPruneNote(detail: string): PruneNote | null {
  const match = pattern.exec(detail);
  if (match === null) return null;
  const [, first, last, days, firstFile = '', lastFile = '', oldest = '', newest = '', root = '', hash = ''] = match;
  const [kept = '', checkpoint] = match.slice(10);
  const numbers = { first: Number(first), last: Number(last), keptDays: Number(days), checkpoint: Number(checkpoint) };
  return { ...numbers, firstFile, lastFile, oldest, newest, root, hash, kept };
}
