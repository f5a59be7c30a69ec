// Reads the records of a log from behind a given one, each once, with the exact bytes of its line, up to one that is known to
// be on the disk. It remembers where it stopped, so that the next look reads only what is new.

import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Head } from '../core/audit/encode-head.ts';
import { plainRecord } from '../core/audit/plain-record.ts';
import type { PlainRecord } from '../core/audit/plain-record.ts';
import { readRecord } from '../core/audit/read-record.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { compareSegmentNames } from '../core/audit/segment-name.ts';
import type { Line } from '../core/audit/verify-chain.ts';
import { endOf, listPruned } from './audit-pruned-file.ts';
import type { CutLine } from './audit-read-lines.ts';
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

/** One of which nobody has asked yet what it says. */
export type FollowedLine = Omit<FollowedRecord, 'record'>;

export interface FollowedOutcome extends FollowedRecord {
  /** The request that it begins, where it is an attempt that was not read. */
  readonly attempt: string | null;
}

const attemptBegins = ',"event":"attempt","request":"';

class PlainAttempt implements FollowedOutcome {
  readonly sequence: number;
  readonly attempt: string | null;
  readonly line: Line;
  readonly file: string;

  constructor({ sequence, request }: PlainRecord, line: Line, file: string) {
    this.sequence = sequence;
    this.attempt = request;
    this.line = line;
    this.file = file;
  }

  /** Read now. */
  get record(): ReadRecord {
    const record = readRecord(this.line.text);
    if (record === null) throw new Error(`record ${this.sequence} cannot be read`);
    return record;
  }
}

type Read<Found> = (line: CutLine, file: string) => Found | null;

export class AuditFollower {
  readonly #directories: readonly string[];
  #sequence: number;
  #name = '';
  #offset = 0;

  constructor(directories: readonly string[], after: number) {
    this.#directories = directories;
    this.#sequence = after;
  }

  /** The records behind the last one, up to `last`. Throws where one is missing, and system errors. */
  async *read(last: number): AsyncGenerator<FollowedRecord> {
    for await (const run of this.runs(last)) yield* run;
  }

  /** As `read`, those together that were read together. Each is to be gone through before the next. */
  runs(last: number): AsyncGenerator<Iterable<FollowedRecord>> {
    return this.#follow(last, (line, file) => {
      const record = readRecord(line.text);
      return record === null ? null : { sequence: record.sequence, record, line, file };
    });
  }

  /** As `runs`, for whoever needs of most attempts only that there was one, because its outcome says everything again. */
  outcomes(last: number): AsyncGenerator<Iterable<FollowedOutcome>> {
    return this.#follow(last, (line, file) => {
      const bytes = line.bytes.toString('latin1');
      const begun = bytes.includes(attemptBegins) ? plainRecord(bytes) : null;
      if (begun?.event === 'attempt') return new PlainAttempt(begun, line, file);
      const record = readRecord(line.text);
      return record === null ? null : { sequence: record.sequence, record, line, file, attempt: null };
    });
  }

  /** As `runs`, for whoever needs no more of a record than its bytes. */
  lines(last: number): AsyncGenerator<Iterable<FollowedLine>> {
    return this.#follow(last, (line, file) => {
      const { sequence } = plainRecord(line.bytes.toString('latin1')) ?? readRecord(line.text) ?? {};
      return sequence === undefined ? null : { sequence, line, file };
    });
  }

  async *#follow<Found extends FollowedLine>(last: number, read: Read<Found>): AsyncGenerator<Iterable<Found>> {
    if (this.#sequence >= last) return;
    for (const segment of await this.#segments()) {
      if (segment.name !== this.#name) [this.#name, this.#offset] = [segment.name, 0];
      for await (const { lines } of readSegment(segment, this.#offset)) {
        yield this.#taken(lines, last, read);
        if (this.#sequence >= last) return;
      }
    }
    if (last !== Infinity) throw new Error(`record ${this.#sequence + 1} is missing at the end of the log`);
  }

  *#taken<Found extends FollowedLine>(lines: readonly CutLine[], last: number, read: Read<Found>): Generator<Found> {
    for (const line of lines) {
      if (this.#sequence >= last) return;
      const found = read(line, this.#name);
      this.#offset = line.end;
      // Records repeated after trouble come once; a line that is none was given up there.
      if (found === null || found.sequence <= this.#sequence) continue;
      if (found.sequence !== this.#sequence + 1) throw new Error(`record ${this.#sequence + 1} is missing in the log`);
      this.#sequence = found.sequence;
      yield found;
    }
  }

  /** From the one where it stopped; those that can only hold older records are left out. What was let go is passed over. */
  async #segments() {
    const directories = this.#directories.filter((directory) => existsSync(directory));
    const from = this.#name;
    if (from === '') this.#sequence = Math.max(this.#sequence, endOf(await listPruned(directories)).sequence);
    const all = await listSegments(directories, from.slice(0, 10));
    const behind = all.filter(({ name }) => compareSegmentNames(name, from) >= 0);
    if (from !== '') return behind;
    const first = behind.findLastIndex(({ firstSequence }) => firstSequence !== null && firstSequence <= this.#sequence + 1);
    return behind.slice(Math.max(0, first));
  }
}
