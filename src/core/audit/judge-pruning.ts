// Judges whether the records that a log no longer has were let go as they may be: told before by `audit-pruned` records, in one
// piece from the beginning, after their time and under no hold. A fold over the records in order, those lines included that are
// kept of pruned files; it is handed what the files still show of the rest, and never opens one.

import type { DayRange } from './day-range.ts';
import { epochOf } from './epoch-chain.ts';
import type { EpochChain } from './epoch-chain.ts';
import { holds, readHoldNote, readReleaseNote } from './hold.ts';
import type { Hold } from './hold.ts';
import { prunedDays, readPruneNote } from './prune-note.ts';
import type { PruneNote } from './prune-note.ts';
import { readRetentionNote, retentionInWords } from './retention-note.ts';
import type { Retention } from './retention-note.ts';

/** What an `audit-pruned` record says, in short. */
export interface Pruning {
  readonly first: number;
  readonly last: number;
  /** The record that says so, and its time. */
  readonly sequence: number;
  readonly time: string;
  readonly keptDays: number;
}

export interface PruningFold {
  /** Records up to this one were let go, as far as the record tells. */
  readonly told: number;
  /** Oldest first, the last hundred. */
  readonly prunings: readonly Pruning[];
  readonly holds: readonly Hold[];
  /** As the record states it; null before it does. */
  readonly retention: Retention | null;
  /** The note met last, to know it again where a crash had it written twice. */
  readonly lastNote: string | null;
}

export interface PruningRecord {
  readonly sequence: number;
  readonly event: string;
  readonly detail: string | null;
  readonly time: string;
}

/** What shows of a range that is gone; `kept` is the hash over its kept lines. */
export interface GoneRange {
  readonly root: string;
  readonly hash: string;
  readonly kept: string;
}

export interface PruningFacts {
  /** The last record that is not in the log any more; 0 where it is whole. */
  readonly gone: number;
  /** What the files show of records `first` to `last`, all gone; null where no file ends with the last one. */
  readonly range: (first: number, last: number) => GoneRange | null;
  readonly epochs: EpochChain;
}

export type PruningJudged =
  { readonly sound: true; readonly fold: PruningFold } | { readonly sound: false; readonly what: string };

const mostPrunings = 100;
const dayMilliseconds = 86_400_000;

export const beginPruning: PruningFold = { told: 0, prunings: [], holds: [], retention: null, lastNote: null };

export function judgePruning(fold: PruningFold, record: PruningRecord, facts: PruningFacts): PruningJudged {
  const detail = record.detail ?? '';
  if (record.event === 'audit-pruned') return judgeNote(fold, record, detail, facts);
  if (record.event === 'audit-hold') {
    const hold = readHoldNote(detail);
    if (hold === null) return wrong('it tells of a hold, and not as the gateway does');
    return right({ ...fold, holds: [...fold.holds, hold] });
  }
  if (record.event === 'audit-hold-released') {
    const name = readReleaseNote(detail);
    return right({ ...fold, holds: fold.holds.filter((hold) => hold.name !== name) });
  }
  const retention = record.event === 'configuration' ? readRetentionNote(detail) : null;
  return right(retention === null ? fold : { ...fold, retention });
}

/** What is missing at the end of the log: records that are gone and that nothing accounts for. Null where nothing is. */
export function finishPruning({ told }: PruningFold, gone: number): string | null {
  if (gone <= told) return null;
  const which = gone === told + 1 ? `record ${gone} is` : `records ${told + 1} to ${gone} are`;
  return `${which} gone, and no audit-pruned record accounts for that`;
}

/** Whether a line of a file that goes is kept: what later verification rests on, and names neither patient nor request. */
export function isKeptWhenPruned(event: string, detail: string | null): boolean {
  if (event === 'configuration') return readRetentionNote(detail ?? '') !== null;
  return ['epoch', 'epoch-closed', 'restored', 'audit-pruned', 'audit-hold', 'audit-hold-released'].includes(event);
}

function judgeNote(fold: PruningFold, { sequence, time }: PruningRecord, detail: string, facts: PruningFacts): PruningJudged {
  // A crash between a record and the word that it was written has the same record written once more.
  if (detail === fold.lastNote) return right(fold);
  const note = readPruneNote(detail);
  if (note === null || note.last < note.first || note.last >= sequence || note.checkpoint < note.last)
    return wrong('it tells of records that were let go, and not as the gateway does');
  const what = misplaced(fold, note) ?? early(fold, note, time, facts) ?? held(fold, note, facts) ?? unlike(note, facts);
  if (what !== null) return wrong(what);
  const { first, last, keptDays } = note;
  const prunings = [...fold.prunings, { first, last, keptDays, sequence, time }].slice(-mostPrunings);
  return right({ ...fold, told: last, prunings, lastNote: detail });
}

function misplaced({ told }: PruningFold, { first }: PruneNote): string | null {
  // A log that was restored in between tells once more of what was there again.
  return first <= told + 1 ? null : `it lets records go from ${first} on, and number ${told + 1} is the next to go`;
}

/** The times in the note are whoever wrote it's word; the days of files and of keys bound them. */
function early({ retention }: PruningFold, note: PruneNote, time: string, { epochs }: PruningFacts): string | null {
  if (retention === null) return 'it lets records go, and nothing before it says how long they are kept';
  if (retention !== note.keptDays)
    return `it lets records go after ${note.keptDays} days, and they are kept ${retentionInWords(retention)}`;
  const { last } = daysOf(note, epochs);
  const newest = Date.parse(last > note.newest ? last : note.newest);
  if (Date.parse(time) - newest >= note.keptDays * dayMilliseconds) return null;
  return `it lets records go before their time: the newest is of ${new Date(newest).toISOString()}`;
}

function held(fold: PruningFold, note: PruneNote, { epochs }: PruningFacts): string | null {
  const { first, last } = daysOf(note, epochs);
  const hold = fold.holds.find((one) => holds(one, first, last));
  return hold === undefined ? null : `it lets records go that hold "${hold.name}" keeps`;
}

/** Only what is gone has to be shown by what is left of it; what is still there is judged as it stands. */
function unlike({ first, last, root, hash, kept }: PruneNote, { gone, range }: PruningFacts): string | null {
  if (last > gone) return null;
  const shown = range(first, last);
  if (shown?.root !== root || shown.hash !== hash) return `what is left of records ${first} to ${last} is not what was let go`;
  return shown.kept === kept ? null : `of the lines that are kept of records ${first} to ${last} some are missing or changed`;
}

/** A record is not older than the day on which the key of its epoch began, and not younger than that of the next key. */
function daysOf(note: PruneNote, epochs: EpochChain): DayRange {
  const { first, last } = prunedDays(note);
  const began = epochOf(epochs, note.last).day ?? last;
  const next = epochs.epochs.find(({ after }) => after >= note.first)?.day ?? first;
  return { first: next < first ? next : first, last: began > last ? began : last };
}

function right(fold: PruningFold): PruningJudged {
  return { sound: true, fold };
}

function wrong(what: string): PruningJudged {
  return { sound: false, what };
}
