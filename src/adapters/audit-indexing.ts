// Brings the search index up to what is durable in the log. Only that: what a power loss may still take must not be found
// in a search that outlives it. An index that does not belong to this log is begun anew.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { AuditDurableEnd } from './audit-durable-end.ts';
import { AuditFollower } from './audit-follow.ts';
import { AuditIndex } from './audit-index.ts';
import { systemClock } from './clock-system.ts';
import { endOf, listPruned } from './audit-pruned-file.ts';

/** Records written in one transaction; between two of them a search may be answered. */
const batchRecords = 2000;
const dropMilliseconds = 600_000;

export interface IndexingTask {
  /** The log's directory first, then the fallback. */
  readonly directories: readonly string[];
  readonly indexFile: string;
}

/** Where a gateway keeps its index. It can be removed at any time: the next start makes it anew. */
export function indexFileIn(dataDirectory: string): string {
  return join(dataDirectory, 'audit-index.db');
}

export class AuditIndexing {
  readonly index: AuditIndex;
  readonly #directories: readonly string[];
  readonly #end: AuditDurableEnd;
  /** What is read next, and the last record before it: whoever else brings the index on meanwhile is found by that. */
  #place: { readonly follower: AuditFollower; after: number } | null = null;
  #droppedAt = -Infinity;

  /** Throws system errors where the index cannot be opened. */
  constructor({ directories, indexFile }: IndexingTask) {
    this.index = new AuditIndex(indexFile);
    this.#directories = directories;
    this.#end = new AuditDurableEnd(directories);
  }

  /** Records that are on the disk and not yet in the index, as far as is known. */
  get behind(): number {
    return Math.max(0, this.#end.last - this.index.progress.sequence);
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
    for (let from = this.index.first; from > 0 && from <= gone;) {
      from = this.index.drop(from, gone);
      await pause();
    }
    this.#droppedAt = now;
  }

  async #follow(pause: () => Promise<void>): Promise<void> {
    const place = (this.#place ??= await this.#begin());
    let batch: ReadRecord[] = [];
    const add = async (): Promise<boolean> => {
      if (!this.index.add(place.after, batch)) return false;
      place.after = batch.at(-1)?.sequence ?? place.after;
      batch = [];
      await pause();
      return true;
    };
    for await (const { record } of place.follower.read(this.#end.last)) {
      batch.push(record);
      if (batch.length < batchRecords || (await add())) continue;
      // A command line has brought it on meanwhile: the next look begins where it is now.
      this.#place = null;
      return;
    }
    if (!(await add())) this.#place = null;
  }

  /** Behind the last record in the index, which must be the log's; else from the beginning, with an empty index. */
  async #begin(): Promise<{ readonly follower: AuditFollower; after: number }> {
    const { sequence, hash } = this.index.progress;
    if (sequence > 0) {
      const follower = new AuditFollower(this.#directories, sequence - 1);
      if (sequence <= this.#end.last && (await this.#next(follower, sequence)) === hash) return { follower, after: sequence };
      this.index.clear();
    }
    return { follower: new AuditFollower(this.#directories, 0), after: 0 };
  }

  async #next(follower: AuditFollower, sequence: number): Promise<string | null> {
    for await (const { record } of follower.read(sequence)) return record.hash;
    return null;
  }

  close(): void {
    this.index.close();
  }
}
