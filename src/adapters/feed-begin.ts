// Where a feed begins to read: where it was, or at the beginning of a log that it does not know. A log that was put back from a
// backup is told from there on, because what came after it is gone from the log and the numbers begin anew.

import { existsSync } from 'node:fs';
import { AuditFollower } from './audit-follow.ts';
import { listSegments } from './audit-segment-files.ts';
import type { FeedCursor, FeedPlace } from './feed-cursor.ts';

/** Of a receiver that is new: everything there is, or only what comes. */
export type FeedBegin = 'beginning' | 'now';

export interface FeedStart {
  readonly follower: AuditFollower;
  readonly place: FeedPlace;
}

export interface FeedLog {
  readonly directories: readonly string[];
  /** The last record that is on the disk. */
  readonly durable: number;
}

/**
 * Rejects with system errors, and where a record is missing. `since` is the last record there was when the gateway began: "now" is
 * then, and not when a thread has found the time to look. Null: not known, so the last one there is.
 */
export async function beginFeed(
  log: FeedLog,
  cursor: FeedCursor,
  begin: FeedBegin,
  since: number | null = null,
): Promise<FeedStart> {
  const place = cursor.read();
  if (place !== null && (await isOf(log, place))) return startAt(log, place);
  const from =
    place === null && begin === 'now' ? Math.min(since ?? log.durable, log.durable) + 1 : await firstToTell(log, place);
  const fresh = { sequence: from - 1, hash: await hashOf(log, from - 1), from, taken: 0 };
  cursor.write(fresh);
  return startAt(log, fresh);
}

function startAt({ directories }: FeedLog, place: FeedPlace): FeedStart {
  return { follower: new AuditFollower(directories, place.from - 1), place };
}

/** The record it told last is still the one under that number. */
async function isOf(log: FeedLog, { sequence, hash }: FeedPlace): Promise<boolean> {
  return sequence <= log.durable && (await hashOf(log, sequence)) === hash;
}

/** Empty for what is not in the log, such as what retention has taken away. */
async function hashOf({ directories, durable }: FeedLog, sequence: number): Promise<string> {
  if (sequence < 1 || sequence > durable || sequence < (await firstRecord(directories))) return '';
  for await (const { record } of new AuditFollower(directories, sequence - 1).read(sequence)) return record.hash;
  return '';
}

/** The record that tells of the restoration, where there was one, else the first there is. */
async function firstToTell({ directories, durable }: FeedLog, place: FeedPlace | null): Promise<number> {
  const first = await firstRecord(directories);
  let found = first;
  if (place === null) return found;
  for await (const { sequence, record } of new AuditFollower(directories, first - 1).read(durable)) {
    if (sequence > place.sequence) break;
    if (record.event === 'restored') found = sequence;
  }
  return found;
}

async function firstRecord(directories: readonly string[]): Promise<number> {
  const segments = await listSegments(directories.filter((directory) => existsSync(directory)));
  return segments.find(({ firstSequence }) => firstSequence !== null)?.firstSequence ?? 1;
}
