// The index beside the log, brought up to it: by the gateway's thread, and by a command before it asks.

import { join } from 'node:path';
import type { FollowedOutcome } from './audit-follow.ts';
import { IndexFollowing } from './audit-index-following.ts';
import { AuditIndex } from './audit-index.ts';

/** Records written in one transaction; between two of them a search may be answered. */
const batchRecords = 2000;

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
  readonly #following: IndexFollowing;

  /** Throws system errors where the index cannot be opened. */
  constructor({ directories, indexFile }: IndexingTask) {
    const index = new AuditIndex(indexFile);
    this.index = index;
    const target = {
      progress: () => index.progress,
      add: (after: number, followed: readonly FollowedOutcome[]) => index.add(after, followed),
      first: () => index.first,
      drop: (from: number, gone: number) => index.drop(from, gone),
      clear: () => index.clear(),
    };
    this.#following = new IndexFollowing(target, directories, batchRecords);
  }

  /** Records that are on the disk and not yet in the index, as far as is known. */
  get behind(): number {
    return this.#following.behind;
  }

  /** Adds what is new. `pause` is awaited between two transactions. Rejects where the log cannot be read; the next call begins anew. */
  async catchUp(pause: () => Promise<void>): Promise<void> {
    await this.#following.catchUp(pause);
  }

  close(): void {
    this.index.close();
  }
}
