// The search index over the access record: one row a request, made from the log and never the other way round. What it
// says is where to look; the line in the log is the evidence.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { indexRow } from '../core/audit/index-row.ts';
import type { IndexRow } from '../core/audit/index-row.ts';
import type { FollowedOutcome } from './audit-follow.ts';
import type { IndexProgress } from './audit-index-following.ts';
import { openIndex } from './audit-index-schema.ts';
import { IndexHours } from './audit-index-hours.ts';
import { IndexNames } from './audit-index-names.ts';

/** A record, whose fields are asked for only where they are needed. */
export type IndexedRecord = Pick<FollowedOutcome, 'sequence' | 'record' | 'attempt'>;

/** Records dropped in one transaction; between two of them a search may be answered. */
const dropAtOnce = 20_000;

export class AuditIndex {
  readonly database: DatabaseSync;
  readonly #names: IndexNames;
  readonly #hours: IndexHours;
  readonly #statements: Readonly<Record<'progress' | 'advance' | 'insert' | 'attempt' | 'remove', StatementSync>>;

  /** Opens `path` or begins it. Throws system errors. */
  constructor(path: string) {
    this.database = openIndex(path);
    this.#names = new IndexNames(this.database);
    this.#hours = new IndexHours(this.database);
    this.#statements = prepared(this.database);
  }

  get progress(): IndexProgress {
    const row = this.#statements.progress.get() ?? {};
    return { sequence: Number(row['sequence'] ?? 0), hash: String(row['hash'] ?? '') };
  }

  /**
   * Adds records that follow `after` without a gap, all or none. False, and nothing is added, where somebody else has
   * brought the index on meanwhile: look at `progress` again.
   */
  add(after: number, records: readonly IndexedRecord[]): boolean {
    const last = records.at(-1);
    if (last === undefined) return true;
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const isOurs = this.progress.sequence === after;
      if (isOurs) {
        this.#all(records);
        this.#statements.advance.run(last.sequence, last.record.hash);
      }
      this.database.exec('COMMIT');
      return isOurs;
    } catch (cause) {
      this.#names.forget();
      this.#hours.forget();
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw cause;
    }
  }

  /** The first record in it; 0 where it is empty. */
  get first(): number {
    return Number(this.database.prepare('SELECT min(sequence) AS first FROM requests').get()?.['first'] ?? 0);
  }

  /**
   * Drops some of the rows from record `from` to `gone`, which are no longer in the log, and in the end what only they named.
   * Returns where to go on; behind `gone` at the end.
   */
  drop(from: number, gone: number): number {
    const until = Math.min(gone, from + dropAtOnce);
    this.database.exec('BEGIN IMMEDIATE');
    try {
      // A request whose outcome stays is found as before.
      const rows = 'sequence BETWEEN ? AND ? AND coalesce(outcome, sequence) <= ?';
      this.database.prepare(`DELETE FROM requests WHERE ${rows}`).run(from, until, gone);
      if (until === gone) this.#forgetUpTo(gone);
      this.database.exec('COMMIT');
    } catch (cause) {
      this.#names.forget();
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw cause;
    }
    return until + 1;
  }

  /** An hour of which some records stay keeps its count. */
  #forgetUpTo(gone: number): void {
    this.#names.forget();
    this.database.prepare('DELETE FROM hours WHERE hour IN (SELECT hour FROM spans WHERE last <= ?)').run(gone);
    this.database.prepare('DELETE FROM spans WHERE last <= ?').run(gone);
    for (const [table, column] of [
      ['patients', 'patient'],
      ['targets', 'target'],
      ['people', 'person'],
    ]) {
      this.database.exec(
        `DELETE FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM requests r WHERE r.${column} = ${table}.id AND r.${column} IS NOT NULL)`,
      );
    }
  }

  /** Empties the index: the log is not the one it was made from. */
  clear(): void {
    this.#names.forget();
    this.database.exec(`BEGIN IMMEDIATE;
      DELETE FROM requests; DELETE FROM hours; DELETE FROM spans; DELETE FROM people; DELETE FROM patients;
      DELETE FROM targets; DELETE FROM words; UPDATE progress SET sequence = 0, hash = '';
      COMMIT;`);
  }

  close(): void {
    this.database.close();
  }

  #all(records: readonly IndexedRecord[]): void {
    // Most outcomes follow their attempt closely: the pair is put together before anything is written.
    const begun = new Map<string, IndexedRecord>();
    for (const one of records) {
      const row = one.attempt === null ? indexRow(one.record) : null;
      if (one.attempt !== null) begun.set(one.attempt, one);
      else if (row?.event === 'attempt') begun.set(row.request ?? String(row.sequence), one);
      else if (row !== null) this.#one(row, row.event === 'outcome' ? this.#takeAttempt(row, begun) : null);
    }
    for (const { record } of begun.values()) {
      const row = indexRow(record);
      if (row !== null) this.#one(row, null);
    }
    this.#hours.write();
  }

  #one(row: IndexRow, began: number | null): void {
    this.#insert(row, began);
    this.#hours.span(row.time, began ?? row.sequence, row.sequence);
    // An attempt is counted once it has its outcome: the pair would read as two accesses.
    if (row.event !== 'attempt') this.#count(row);
  }

  /** The attempt gives its number to the outcome; null where it is not in this log. */
  #takeAttempt({ request }: IndexRow, begun: Map<string, IndexedRecord>): number | null {
    if (request === null) return null;
    const inBatch = begun.get(request)?.sequence;
    if (inBatch !== undefined) {
      begun.delete(request);
      return inBatch;
    }
    const found = this.#statements.attempt.get(request, this.#names.word('attempt'))?.['sequence'];
    if (typeof found !== 'number') return null;
    this.#statements.remove.run(found);
    return found;
  }

  #insert(row: IndexRow, began: number | null): void {
    const names = this.#names;
    this.#statements.insert.run(
      began ?? row.sequence,
      began === null ? null : row.sequence,
      row.time,
      names.word(row.event),
      row.request,
      names.person(row.person),
      row.session,
      names.word(row.address),
      names.word(row.application),
      names.word(row.method),
      names.target(row.target),
      names.patient(row.patient),
      names.word(row.category),
      names.word(row.action),
      names.word(row.rule),
      names.word(row.decision),
      names.word(row.reason),
      row.status,
      row.bytesOut,
      row.grant,
      row.detail,
      names.word(row.roles),
      names.word(row.factor),
      names.word(row.device),
      names.word(row.patientSource),
      row.bytesIn,
      row.durationMilliseconds,
      names.word(row.download),
      names.word(row.pace),
    );
  }

  #count({ time, event, decision, bytesOut }: IndexRow): void {
    const kind = { event: this.#names.word(event), decision: this.#names.word(decision ?? '') };
    this.#hours.count(time, kind, bytesOut ?? 0);
  }
}

function prepared(database: DatabaseSync) {
  const columns = 29;
  return {
    progress: database.prepare('SELECT sequence, hash FROM progress'),
    advance: database.prepare('UPDATE progress SET sequence = ?, hash = ?'),
    insert: database.prepare(`INSERT INTO requests VALUES (${Array.from({ length: columns }, () => '?').join(', ')})`),
    attempt: database.prepare('SELECT sequence FROM requests WHERE request = ? AND +event = ? ORDER BY sequence DESC LIMIT 1'),
    remove: database.prepare('DELETE FROM requests WHERE sequence = ?'),
  };
}
