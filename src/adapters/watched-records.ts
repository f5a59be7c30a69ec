// What the detectors read: every record that is durable, each once and in order, from some weeks back on. One gateway alone reads
// its log; of several, the one that leads reads what all of them wrote.

import { logPlace, recordNumber, recordsInOrder } from '../core/audit/record-number.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { AuditDurableEnd } from './audit-durable-end.ts';
import { AuditFollower } from './audit-follow.ts';
import type { FollowedRecord } from './audit-follow.ts';
import { listSegments } from './audit-segment-files.ts';
import { sharedLine } from './audit-shared-lines.ts';
import type { SharedAsk } from './audit-shared-db.ts';
import type { Row } from './state-db.ts';

/** Their numbers are those among all gateways. */
export interface WatchedRecords {
  /** Records that nobody has read yet, as far as is known. */
  readonly behind: number;
  /** What was written until then is read by `runs`. Rejects where that cannot be said. */
  look(): void | Promise<void>;
  /**
   * What was not read yet, in runs; each is to be gone through before the next. Rejects where it cannot be read; the next one
   * goes on behind the record that was taken last.
   */
  runs(): AsyncGenerator<Iterable<ReadRecord>>;
}

const dayMilliseconds = 86_400_000;
/** Weeks of habits; older records are not read again. */
const learntDays = 35;
/** Records of one statement. */
const atOnce = 2000;

/** The log of this gateway, which is alone. */
export class OwnRecords implements WatchedRecords {
  readonly #directories: readonly string[];
  readonly #end: AuditDurableEnd;
  #follower: AuditFollower | null = null;
  #seen = 0;

  /** The log's directory first, then the fallback. */
  constructor(directories: readonly string[]) {
    this.#directories = directories;
    this.#end = new AuditDurableEnd(directories);
  }

  get behind(): number {
    return Math.max(0, this.#end.last - this.#seen);
  }

  look(): void {
    this.#end.look();
  }

  async *runs(): AsyncGenerator<Iterable<ReadRecord>> {
    this.#follower ??= await this.#begin();
    for await (const run of this.#follower.runs(this.#end.last)) yield this.#taken(run);
  }

  *#taken(run: Iterable<FollowedRecord>): Generator<ReadRecord> {
    for (const { record, sequence } of run) {
      this.#seen = sequence;
      yield record;
    }
  }

  /** From the first record of the weeks that are learnt from, as the log itself counts them. */
  async #begin(): Promise<AuditFollower> {
    const segments = await listSegments(this.#directories);
    const newest = Date.parse(segments.at(-1)?.name.slice(0, 10) ?? '') || 0;
    const from = new Date(Math.max(0, newest - learntDays * dayMilliseconds)).toISOString().slice(0, 10);
    const first = segments.find(({ name }) => name.slice(0, 10) >= from);
    const after = Math.max(0, (first?.firstSequence ?? 1) - 1);
    this.#seen = after;
    return new AuditFollower(this.#directories, after);
  }
}

/** While the weeks are read: up to where, and behind which time and number. */
interface Weeks {
  readonly until: ReadonlyMap<number, number>;
  time: number;
  number: number;
}

/** The lines that all gateways share. First the weeks, by time; then of each gateway what came in, in the order of its log. */
export class SharedRecords implements WatchedRecords {
  readonly #ask: SharedAsk;
  /** Of each gateway, as its log counts: how far it may be read now, and how far it was. */
  #until = new Map<number, number>();
  readonly #seen = new Map<number, number>();
  #weeks: Weeks | 'read' | null = null;

  constructor(ask: SharedAsk) {
    this.#ask = ask;
  }

  get behind(): number {
    return [...this.#until].reduce((all, [gateway, until]) => all + Math.max(0, until - this.#seenOf(gateway)), 0);
  }

  /** Rows and position of a gateway change together: up to its position nothing is missing. */
  async look(): Promise<void> {
    const rows = await this.#ask('SELECT number, sequence FROM audit_gateways');
    this.#until = new Map(rows.map((row) => [Number(row['number']), Number(row['sequence'])]));
    // A log that was put back from an older state counts anew from there.
    for (const [gateway, until] of this.#until) if (until < this.#seenOf(gateway)) this.#seen.set(gateway, until);
  }

  async *runs(): AsyncGenerator<Iterable<ReadRecord>> {
    if (this.#weeks !== 'read') yield* this.#readWeeks();
    while (this.behind > 0) yield* this.#readNew();
  }

  async *#readWeeks(): AsyncGenerator<Iterable<ReadRecord>> {
    const weeks = this.#weeks === null || this.#weeks === 'read' ? await this.#beginWeeks() : this.#weeks;
    this.#weeks = weeks;
    const sql = `SELECT number, time, line FROM audit_lines WHERE (time, number) > ($1, $2) ORDER BY time, number LIMIT ${atOnce}`;
    for (let rows: readonly Row[] | null = null; rows === null || rows.length === atOnce;) {
      rows = await this.#ask(sql, [weeks.time, weeks.number]);
      yield takenOf(rows, weeks);
    }
    for (const [gateway, until] of weeks.until) this.#seen.set(gateway, until);
    this.#weeks = 'read';
  }

  async #beginWeeks() {
    const [row] = await this.#ask('SELECT max(time) AS newest FROM audit_lines');
    return { until: new Map(this.#until), time: Number(row?.['newest'] ?? 0) - learntDays * dayMilliseconds, number: 0 };
  }

  /** Some of each gateway, put in order: what came in at about the same time is seen in the order of its time. */
  async *#readNew(): AsyncGenerator<Iterable<ReadRecord>> {
    const sql = `SELECT number, time, line FROM audit_lines WHERE number > $1 AND number <= $2 ORDER BY number LIMIT ${atOnce}`;
    const found: Row[] = [];
    const ends = new Map<number, number>();
    for (const [gateway, until] of this.#until) {
      const seen = this.#seenOf(gateway);
      if (until <= seen) continue;
      const rows = await this.#ask(sql, [recordNumber({ gateway, sequence: seen }), recordNumber({ gateway, sequence: until })]);
      found.push(...rows);
      // Fewer than were asked for are all there are, whatever the position says: a line without a time is none.
      const last = rows.at(-1);
      ends.set(gateway, rows.length < atOnce || last === undefined ? until : logPlace(Number(last['number'])).sequence);
    }
    yield this.#taken(found.sort((one, other) => recordsInOrder(placeOf(one), placeOf(other))));
    for (const [gateway, end] of ends) this.#seen.set(gateway, end);
  }

  *#taken(rows: readonly Row[]): Generator<ReadRecord> {
    for (const row of rows) {
      const { gateway, sequence } = logPlace(Number(row['number']));
      this.#seen.set(gateway, sequence);
      yield sharedLine(row);
    }
  }

  #seenOf(gateway: number): number {
    return this.#seen.get(gateway) ?? 0;
  }
}

/** Of rows in the order of time; `weeks` goes on with each. */
function* takenOf(rows: readonly Row[], weeks: Weeks): Generator<ReadRecord> {
  for (const row of rows) {
    const { gateway, sequence } = logPlace(Number(row['number']));
    [weeks.time, weeks.number] = [Number(row['time']), Number(row['number'])];
    if (sequence <= (weeks.until.get(gateway) ?? 0)) yield sharedLine(row);
  }
}

function placeOf(row: Row): { readonly sequence: number; readonly time: number } {
  return { sequence: Number(row['number']), time: Number(row['time']) };
}
