// Brings an index up to what is durable in the log, whatever the index is kept in. Only that: what a power loss may still take must
// not be found in a search that outlives it. An index that does not belong to this log is begun anew.

import { existsSync } from 'node:fs';
import type { Soon } from '../session-ports.ts';
import { AuditDurableEnd } from './audit-durable-end.ts';
import { AuditFollower } from './audit-follow.ts';
import type { FollowedOutcome } from './audit-follow.ts';
import { systemClock } from './clock-system.ts';
import { endOf, listPruned } from './audit-pruned-file.ts';

/** How far the index is: the last record in it, and that record's hash. */
export interface IndexProgress {
  readonly sequence: number;
  readonly hash: string;
}

/** An index, as whoever brings it up to the log sees it. Rows of records are counted as the log counts them. */
export interface IndexTarget {
  progress(): Soon<IndexProgress>;
  /** Adds records that follow `after` without a gap, all or none. False where somebody else has brought it on meanwhile. */
  add(after: number, records: readonly FollowedOutcome[]): Soon<boolean>;
  /** The first record in it; 0 where it is empty. */
  first(): Soon<number>;
  /** Drops some of the rows from record `from` to `gone`. Returns where to go on; behind `gone` at the end. */
  drop(from: number, gone: number): Soon<number>;
  /** Empties it: the log is not the one it was made from. */
  clear(): Soon<void>;
  /** Drops what was kept for a time that is over. Called now and then. */
  tidy?(): Soon<void>;
}

const dropMilliseconds = 600_000;

export class IndexFollowing {
  readonly #target: IndexTarget;
  readonly #directories: readonly string[];
  readonly #batchRecords: number;
  readonly #end: AuditDurableEnd;
  /** What is read next, and the last record before it: whoever else brings the index on meanwhile is found by that. */
  #place: { readonly follower: AuditFollower; after: number } | null = null;
  #droppedAt = -Infinity;
  #known = 0;

  /** `batchRecords` are written in one transaction; between two of them a search may be answered. */
  constructor(target: IndexTarget, directories: readonly string[], batchRecords: number) {
    this.#target = target;
    this.#directories = directories;
    this.#batchRecords = batchRecords;
    this.#end = new AuditDurableEnd(directories);
  }

  /** Records that are on the disk and not yet in the index, as far as is known. */
  get behind(): number {
    return Math.max(0, this.#end.last - this.#known);
  }

  /** Adds what is new. `pause` is awaited between two transactions. Rejects where the log cannot be read; the next call begins anew. */
  async catchUp(pause: () => Promise<void>): Promise<void> {
    this.#end.look();
    try {
      await this.#drop(pause);
      await this.#follow(pause);
    } catch (cause) {
      this.#place = null;
      throw cause;
    }
  }

  /** What was let go from the log is not found any more either. That comes once a day at most. */
  async #drop(pause: () => Promise<void>): Promise<void> {
    const now = systemClock.monotonic();
    if (now - this.#droppedAt < dropMilliseconds) return;
    const gone = endOf(await listPruned(this.#directories.filter((directory) => existsSync(directory)))).sequence;
    for (let from = await this.#target.first(); from > 0 && from <= gone;) {
      from = await this.#target.drop(from, gone);
      await pause();
    }
    await this.#target.tidy?.();
    this.#droppedAt = now;
  }

  async #follow(pause: () => Promise<void>): Promise<void> {
    const place = (this.#place ??= await this.#begin());
    let batch: FollowedOutcome[] = [];
    const add = async (): Promise<boolean> => {
      if (!(await this.#target.add(place.after, batch))) return false;
      place.after = batch.at(-1)?.sequence ?? place.after;
      this.#known = place.after;
      batch = [];
      await pause();
      return true;
    };
    for await (const run of place.follower.outcomes(this.#end.last)) {
      for (const followed of run) {
        batch.push(followed);
        if (batch.length < this.#batchRecords || (await add())) continue;
        // A command line has brought it on meanwhile: the next look begins where it is now.
        this.#place = null;
        return;
      }
    }
    if (!(await add())) this.#place = null;
  }

  /** Behind the last record in the index, which must be the log's; else from the beginning, with an empty index. */
  async #begin(): Promise<{ readonly follower: AuditFollower; after: number }> {
    const { sequence, hash } = await this.#target.progress();
    this.#known = sequence;
    if (sequence > 0) {
      const follower = new AuditFollower(this.#directories, sequence - 1);
      if (sequence <= this.#end.last && (await this.#next(follower, sequence)) === hash) return { follower, after: sequence };
      await this.#target.clear();
      this.#known = 0;
    }
    return { follower: new AuditFollower(this.#directories, 0), after: 0 };
  }

  async #next(follower: AuditFollower, sequence: number): Promise<string | null> {
    for await (const { record } of follower.read(sequence)) return record.hash;
    return null;
  }
}
