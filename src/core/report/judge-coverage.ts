// Finds the times in which nothing was on watch, from the records that the gateway writes about itself: it starts, it stops, and
// each minute in between it says that it is there. Where that is missing, the record is no proof that nothing happened.

import type { Gap, GapKind } from './coverage.ts';

/** One of the gateway's records about itself. Times are epoch milliseconds. */
export interface WatchSign {
  readonly sequence: number;
  readonly event: string;
  readonly time: number;
}

/** Events that `judgeCoverage` wants to see, and no others. */
export const watchSigns = ['start', 'stop', 'heartbeat', 'audit-outage', 'restored'] as const;

export interface JudgedCoverage {
  /** The first `mostGaps`, the oldest first. */
  readonly gaps: readonly Gap[];
  readonly gapCount: number;
  readonly unwatchedMilliseconds: number;
}

/** A heartbeat is due each minute; a busy machine may be late by half of one. */
const longestMilliseconds = 90_000;
export const mostGaps = 100;

/**
 * `signs` in the order of one log, from the last one before `since` on; `until` is not in the future. The clock may have been
 * set: a time that runs backwards is taken as no time at all. The first `most` gaps are kept.
 */
export function judgeCoverage(signs: Iterable<WatchSign>, since: number, until: number, most = mostGaps): JudgedCoverage {
  const found = new FoundGaps(since, until, most);
  let last: WatchSign | null = null;
  for (const sign of signs) {
    found.add(kindBetween(last, sign), last, sign);
    last = sign;
  }
  found.add(kindAtEnd(last, found.until), last, null);
  return found;
}

/** Null where the gateway was on watch from the one to the other. */
function kindBetween(last: WatchSign | null, sign: WatchSign): GapKind | null {
  if (last === null) return 'before-first';
  if (sign.event === 'restored') return 'restored';
  if (sign.event === 'audit-outage') return 'outage';
  // What a restoration put back goes on with a start, whatever the last record in the backup was.
  if (last.event === 'stop' || last.event === 'restored') return 'stopped';
  if (sign.event === 'start') return 'crashed';
  return sign.time - last.time > longestMilliseconds ? 'silent' : null;
}

function kindAtEnd(last: WatchSign | null, end: number): GapKind | null {
  if (last === null) return 'before-first';
  if (last.event === 'stop' || last.event === 'restored') return 'stopped';
  return end - last.time > longestMilliseconds ? 'silent' : null;
}

class FoundGaps implements JudgedCoverage {
  readonly gaps: Gap[] = [];
  gapCount = 0;
  unwatchedMilliseconds = 0;
  readonly since: number;
  readonly until: number;
  readonly #most: number;

  constructor(since: number, until: number, most: number) {
    this.since = since;
    this.until = until;
    this.#most = most;
  }

  add(kind: GapKind | null, last: WatchSign | null, next: WatchSign | null): void {
    if (kind === null) return;
    const from = Math.max(this.since, last?.time ?? this.since);
    const until = Math.min(this.until, next?.time ?? this.until);
    // One that lies before the period, or behind it.
    if (until <= from) return;
    this.gapCount += 1;
    this.unwatchedMilliseconds += until - from;
    const gap = { kind, after: last?.sequence ?? null, before: next?.sequence ?? null, from, until };
    if (this.gaps.length < this.#most) this.gaps.push(gap);
  }
}
