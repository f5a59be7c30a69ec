// Whether a file of the log may go, the oldest first, and what keeps it otherwise. A decision over facts; it opens no file.

import { dayRange } from './day-range.ts';
import { holds } from './hold.ts';
import type { Hold } from './hold.ts';
import type { Retention } from './retention-note.ts';

export interface SegmentFacts {
  readonly name: string;
  /** The last of its records that counts. */
  readonly last: number;
  /** The earliest and the latest time in its records, ISO 8601, UTC. */
  readonly oldest: string;
  readonly newest: string;
}

export interface PruningLimits {
  readonly retention: Retention;
  readonly holds: readonly Hold[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Dates of all files of the log, `YYYY-MM-DD`: they show since when the clock is what it is. */
  readonly dates: readonly string[];
  /** Records under the last checkpoint, and under the one that has reached every anchor. */
  readonly checkpoint: number;
  readonly anchored: number;
  /** The first record that a feed has still to tell; infinite where none has any. */
  readonly fed: number;
}

/** Why the oldest file that stays does: a code, and a name where a hold keeps it. */
export type Kept =
  | { readonly because: 'unlimited' | 'young' | 'clock' | 'checkpoint' | 'anchor' | 'feed' | 'newest' }
  | { readonly because: 'hold'; readonly hold: string };

const dayMilliseconds = 86_400_000;
/** A clock that was set years ahead must not take the log with it: it has to have been so for a week. */
const clockDays = { least: 7, most: 60 } as const;

/** Null where the file may go. Those before it must have gone, and it is not the newest. */
export function keptBecause(segment: SegmentFacts, limits: PruningLimits): Kept | null {
  const { name, last, oldest, newest } = segment;
  const { retention, holds: all, now, checkpoint, anchored, fed } = limits;
  if (retention === 'unlimited') return { because: 'unlimited' };
  if (dueAt(segment, retention) > now) return { because: 'young' };
  const days = dayRange(name, oldest, newest);
  const hold = all.find((one) => holds(one, days.first, days.last));
  if (hold !== undefined) return { because: 'hold', hold: hold.name };
  if (!isClockTried(limits)) return { because: 'clock' };
  if (last > checkpoint) return { because: 'checkpoint' };
  if (last > anchored) return { because: 'anchor' };
  return last >= fed ? { because: 'feed' } : null;
}

/** When a file is old enough to go, epoch milliseconds. */
export function dueAt({ name, newest }: Pick<SegmentFacts, 'name' | 'newest'>, retentionDays: number): number {
  const endOfDay = Date.parse(name.slice(0, 10)) + dayMilliseconds;
  return Math.max(Date.parse(newest), endOfDay) + retentionDays * dayMilliseconds;
}

function isClockTried({ now, dates }: PruningLimits): boolean {
  const ages = dates.map((date) => (now - Date.parse(date)) / dayMilliseconds);
  return ages.some((age) => age >= clockDays.least && age <= clockDays.most);
}
