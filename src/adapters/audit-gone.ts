// What the files still show of records that were let go, put together as the notes about them tell it.

import { createHash } from 'node:crypto';
import type { GoneRange } from '../core/audit/judge-pruning.ts';
import type { PrunedHeader } from './audit-pruned-file.ts';

/** Of one file. */
export interface GoneFile extends PrunedHeader {
  /** SHA-256 over its kept lines with their newlines. */
  readonly kept: Buffer;
}

export class GoneFiles {
  readonly #files: GoneFile[] = [];

  /** In order, without a gap. */
  add(file: GoneFile): void {
    this.#files.push(file);
  }

  /** The last record that is gone. */
  get end(): number {
    return this.#files.at(-1)?.last ?? 0;
  }

  /** Null where no file begins with the first or ends with the last. */
  readonly range = (first: number, last: number): GoneRange | null => {
    const files = this.#files.filter((file) => file.first >= first && file.last <= last);
    const end = files.at(-1);
    if (files[0]?.first !== first || end?.last !== last) return null;
    return { root: end.root, hash: end.hash, kept: keptHash(files) };
  };
}

/** Over the kept lines of several files. */
export function keptHash(files: readonly Pick<GoneFile, 'kept'>[]): string {
  const seen = createHash('sha256');
  for (const { kept } of files) seen.update(kept);
  return seen.digest('base64');
}
