// The newest records for the console, read backwards from the segments of the last days. Keeps no more than it shows, and
// reads no more than a view is worth: the gateway serves the clinic at the same time.

import { open, readdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecord } from '../core/audit/read-record.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { compareSegmentNames, readSegmentName } from '../core/audit/segment-name.ts';
import type { Clock, FoundRecords, RecordFilter, RecordReader, ShownRecord } from '../ports.ts';

const days = 7;
/** Bytes of the log read for one view, and the time it may take. */
export const searchBytes = 64 * 1_048_576;
const searchMilliseconds = 2000;
/** Read and judged at once; others are served between two slices. Our longest line is under 64 KiB. */
const sliceBytes = 262_144;
const newline = 0x0a;
/** What somebody should look at afterwards: emergency accesses, extended budgets, passes over one, lock-outs. */
const reviewed = new Set([
  'break-glass',
  'budget-extended',
  'budget-warning',
  'second-factor-blocked',
  'configuration-rejected',
  'audit-outage',
  'audit-repaired',
  'restored',
]);

export function auditReader(directories: readonly string[], clock: Clock): RecordReader {
  return {
    async latest(filter, most) {
      const since = new Date(clock.now() - days * 86_400_000).toISOString().slice(0, 10);
      const search = new Search(filter, most, clock);
      // The newest file first, so that a busy week is not read for a page of today.
      for (const path of await segmentsSince(directories, since)) if (!(await search.through(path))) break;
      return search.found();
    },
  };
}

/** Paths, newest first. Goes by names alone: years of files are not opened for a page. */
async function segmentsSince(directories: readonly string[], since: string): Promise<string[]> {
  const found: { name: string; path: string }[] = [];
  for (const directory of directories)
    for (const entry of await readdir(directory, { withFileTypes: true }))
      if (entry.isFile() && readSegmentName(entry.name) !== null && entry.name.slice(0, 10) >= since)
        found.push({ name: entry.name, path: join(directory, entry.name) });
  return found.sort((a, b) => compareSegmentNames(b.name, a.name)).map(({ path }) => path);
}

/** One view's search: newest line first, until there are enough or the work is. */
class Search {
  readonly #filter: RecordFilter;
  readonly #most: number;
  readonly #clock: Clock;
  readonly #until: number;
  readonly #records: ShownRecord[] = [];
  #bytesLeft = searchBytes;
  #oldest: unknown = null;
  #cut = false;

  constructor(filter: RecordFilter, most: number, clock: Clock) {
    this.#filter = filter;
    this.#most = most;
    this.#clock = clock;
    this.#until = clock.monotonic() + searchMilliseconds;
  }

  found(): FoundRecords {
    return { records: this.#records, searchedBackTo: this.#cut ? timeOf(this.#oldest, this.#clock.now()) : null };
  }

  /** False where the search is over. */
  async through(path: string): Promise<boolean> {
    const file = await open(path, 'r');
    try {
      let { size: end } = await file.stat();
      while (end > 0) {
        if (this.#bytesLeft <= 0 || this.#clock.monotonic() > this.#until) this.#cut = true;
        if (this.#cut || this.#records.length >= this.#most) return false;
        end = await this.#slice(file, end);
      }
      return true;
    } finally {
      await file.close();
    }
  }

  /** Takes the whole lines before `end` and returns where they begin. */
  async #slice(file: FileHandle, end: number): Promise<number> {
    const start = Math.max(0, end - sliceBytes);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(end - start), 0, end - start, start);
    this.#bytesLeft -= end - start;
    const read = buffer.subarray(0, bytesRead);
    // What stands before the first newline is the end of a line that begins in the slice before.
    const first = start === 0 ? 0 : read.indexOf(newline) + 1;
    // A slice without a whole line holds nothing of ours; it is passed over, never read again.
    if (start > 0 && (first === 0 || first === read.length)) return start;
    const lines = read.subarray(first).toString('utf8').split('\n');
    for (const line of lines.reverse()) if (line !== '' && !this.#take(line)) break;
    return start + first;
  }

  #take(line: string): boolean {
    const record = readRecord(line);
    if (record === null) return true;
    this.#oldest = record.fields['time'];
    if (fits(record, this.#filter)) this.#records.push(shownRecord(record));
    return this.#records.length < this.#most;
  }
}

function timeOf(written: unknown, otherwise: number): number {
  const time = Date.parse(text(written) ?? '');
  return Number.isNaN(time) ? otherwise : time;
}

// An attempt is told by its outcome; the pair would read as two accesses.
function fits({ event, fields }: ReadRecord, { person, patient, only, subject }: RecordFilter): boolean {
  if (event === 'attempt') return false;
  if (subject !== undefined && !isOf(fields, subject)) return false;
  if (person !== null && personOf(fields) !== person) return false;
  if (patient !== null && text(fields['patient']) !== patient) return false;
  if (only === 'refused') return fields['decision'] === 'refused';
  if (only === 'observed') return fields['decision'] === 'observed';
  return only !== 'review' || reviewed.has(event) || fields['grant'] !== undefined;
}

function shownRecord({ event, fields }: ReadRecord): ShownRecord {
  return {
    event,
    time: Date.parse(text(fields['time']) ?? ''),
    person: personOf(fields),
    address: text(fields['address']),
    method: text(fields['method']),
    target: text(fields['target']),
    patient: text(fields['patient']),
    rule: text(fields['rule']),
    decision: text(fields['decision']),
    reason: text(fields['wouldRefuse']) ?? text(fields['reason']),
    detail: text(fields['detail']),
  };
}

/** A machine reads as one, so that no person of its name is taken for it. */
function personOf(fields: ReadRecord['fields']): string | null {
  const { name, machine } = subjectOf(fields);
  return typeof machine === 'string' ? `machine ${machine}` : text(name);
}

function isOf(fields: ReadRecord['fields'], { issuer, sub }: NonNullable<RecordFilter['subject']>): boolean {
  const named = subjectOf(fields);
  return named['issuer'] === issuer && named['sub'] === sub;
}

function subjectOf(fields: ReadRecord['fields']): Readonly<Record<string, unknown>> {
  const { subject } = fields;
  return typeof subject === 'object' && subject !== null ? { ...subject } : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
