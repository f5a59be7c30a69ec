// Reads the records of a log from behind a given one, each once, with the exact bytes of its line, up to one that is known to
// be on the disk. It remembers where it stopped, so that the next look reads only what is new.

import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Head } from '../core/audit/encode-head.ts';
import { readRecord } from '../core/audit/read-record.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { compareSegmentNames } from '../core/audit/segment-name.ts';
import type { Line } from '../core/audit/verify-chain.ts';
import { endOf, listPruned } from './audit-pruned-file.ts';
import { listSegments, readSegment } from './audit-segment-files.ts';
import { loadHead } from './audit-signing.ts';

export interface FollowedRecord {
  readonly sequence: number;
  readonly record: ReadRecord;
  readonly line: Line;
  readonly file: string;
}

/** The signed head that vouches for most; 'none' where there is none. Null while a head is just being written. */
export function durableHead(directories: readonly string[], keys: readonly KeyObject[]): Head | 'none' | null {
  const heads = directories.filter((directory) => existsSync(directory)).map((directory) => loadHead(directory, keys));
  if (heads.includes('unsound')) return null;
  const signed = heads.flatMap((head) => (typeof head === 'string' ? [] : [head.head]));
  return signed.toSorted((one, other) => other.sequence - one.sequence)[0] ?? 'none';
}

/** The last record that a signed head vouches for; 0 where there is none. Null while a head is just being written. */
export function durableSequence(directories: readonly string[], keys: readonly KeyObject[]): number | null {
  const head = durableHead(directories, keys);
  return head === null ? null : head === 'none' ? 0 : head.sequence;
}

export class AuditFollower {
  readonly #directories: readonly string[];
  #sequence: number;
  #place = { name: '', offset: 0 };

  constructor(directories: readonly string[], after: number) {
    this.#directories = directories;
    this.#sequence = after;
  }

  /** The records behind the last one, up to `last`. Throws where one is missing, and system errors. */
  async *read(last: number): AsyncGenerator<FollowedRecord> {
    if (this.#sequence >= last) return;
    for (const segment of await this.#segments()) {
      const { name } = segment;
      const offset = name === this.#place.name ? this.#place.offset : 0;
      this.#place = { name, offset };
      for await (const { lines } of readSegment(segment, offset)) {
        for (const line of lines) {
          if (this.#sequence >= last) return;
          const record = readRecord(line.text);
          const sequence = record?.sequence ?? 0;
          this.#place = { name, offset: line.end };
          // Records repeated after trouble come once; a line that is none was given up there.
          if (record === null || sequence <= this.#sequence) continue;
          if (sequence !== this.#sequence + 1) throw new Error(`record ${this.#sequence + 1} is missing in the log`);
          this.#sequence = sequence;
          yield { sequence, record, line, file: name };
        }
      }
    }
    if (this.#sequence < last && last !== Infinity)
      throw new Error(`record ${this.#sequence + 1} is missing at the end of the log`);
  }

  /** From the one where it stopped; those that can only hold older records are left out. What was let go is passed over. */
  async #segments() {
    const directories = this.#directories.filter((directory) => existsSync(directory));
    const { name: from } = this.#place;
    if (from === '') this.#sequence = Math.max(this.#sequence, endOf(await listPruned(directories)).sequence);
    const all = await listSegments(directories, from.slice(0, 10));
    const behind = all.filter(({ name }) => compareSegmentNames(name, from) >= 0);
    if (from !== '') return behind;
    const first = behind.findLastIndex(({ firstSequence }) => firstSequence !== null && firstSequence <= this.#sequence + 1);
    return behind.slice(Math.max(0, first));
  }
}
