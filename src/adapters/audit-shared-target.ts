// One gateway's rows in the index that all of them share. Position and rows change in one transaction, under a lock on the row of
// this gateway, so that a record is in it once, whatever stops in between.

import { logPlace, recordNumber } from '../core/audit/record-number.ts';
import type { FollowedRecord } from './audit-follow.ts';
import type { IndexProgress, IndexTarget } from './audit-index-following.ts';
import type { SharedAsk, SharedAuditDb } from './audit-shared-db.ts';
import { keptDays } from './audit-shared-lines.ts';
import { loneOutcomes, sharedLines, sharedRows } from './audit-shared-rows.ts';
import type { SharedRows } from './audit-shared-rows.ts';
import { systemClock } from './clock-system.ts';

/** Records dropped in one transaction. */
const dropAtOnce = 20_000;
/** Between two words of a gateway that has nothing new. */
const lookMilliseconds = 10_000;
const hourMilliseconds = 3_600_000;
const dayMilliseconds = 24 * hourMilliseconds;

const insertRequests = 'INSERT INTO audit_requests SELECT * FROM json_populate_recordset(NULL::audit_requests, $1)';
const insertLines = 'INSERT INTO audit_lines SELECT * FROM json_populate_recordset(NULL::audit_lines, $1)';
const insertPeople = `INSERT INTO audit_people SELECT * FROM json_populate_recordset(NULL::audit_people, $1)
  ORDER BY issuer, sub, name ON CONFLICT (issuer, sub, name) DO NOTHING`;
const addHours = `INSERT INTO audit_hours SELECT * FROM json_populate_recordset(NULL::audit_hours, $1)
  ON CONFLICT (hour, event, decision, gateway)
  DO UPDATE SET count = audit_hours.count + excluded.count, bytes_out = audit_hours.bytes_out + excluded.bytes_out`;
const openAttempts = `SELECT request, max(sequence) AS sequence FROM audit_requests
  WHERE request = ANY($1) AND event = 'attempt' AND gateway = $2 GROUP BY request`;

export class SharedIndexTarget implements IndexTarget {
  readonly #db: SharedAuditDb;
  readonly #gateway: number;
  #lookedAt = -Infinity;

  constructor(db: SharedAuditDb, gateway: number) {
    this.#db = db;
    this.#gateway = gateway;
  }

  async progress(): Promise<IndexProgress> {
    const sql = 'SELECT sequence, hash FROM audit_gateways WHERE number = $1';
    const [row] = await this.#db.ask(sql, [this.#gateway]);
    if (row === undefined) throw new Error(`The shared index does not know gateway ${this.#gateway}`);
    return { sequence: Number(row['sequence']), hash: String(row['hash']) };
  }

  async add(after: number, followed: readonly FollowedRecord[]): Promise<boolean> {
    const last = followed.at(-1);
    if (last === undefined) {
      await this.#sayThere();
      return true;
    }
    const records = followed.map(({ record }) => record);
    const isOurs = await this.#db.transact(async (ask) => {
      const locked = 'SELECT sequence FROM audit_gateways WHERE number = $1 FOR UPDATE';
      const [row] = await ask(locked, [this.#gateway]);
      if (row?.['sequence'] !== after) return false;
      const began = await attemptsOf(ask, loneOutcomes(records), this.#gateway);
      await writeRows(ask, sharedRows(this.#gateway, records, began), [...began.values()]);
      await ask(insertLines, [JSON.stringify(sharedLines(this.#gateway, followed))]);
      const advance = 'UPDATE audit_gateways SET sequence = $2, hash = $3, looked_at = $4 WHERE number = $1';
      await ask(advance, [this.#gateway, last.sequence, last.record.hash, systemClock.now()]);
      return true;
    });
    this.#lookedAt = systemClock.monotonic();
    return isOurs;
  }

  async first(): Promise<number> {
    const sql = 'SELECT min(sequence) AS first FROM audit_requests WHERE sequence BETWEEN $1 AND $2';
    const [row] = await this.#db.ask(sql, [this.#number(1), this.#number(0, 1) - 1]);
    const first = row?.['first'];
    return typeof first === 'number' ? logPlace(first).sequence : 0;
  }

  async drop(from: number, gone: number): Promise<number> {
    const until = Math.min(gone, from + dropAtOnce);
    await this.#db.transact(async (ask) => {
      // A request whose outcome stays is found as before.
      const rows = 'DELETE FROM audit_requests WHERE sequence BETWEEN $1 AND $2 AND coalesce(outcome, sequence) <= $3';
      await ask(rows, [this.#number(from), this.#number(until), this.#number(gone)]);
      await ask('DELETE FROM audit_lines WHERE number BETWEEN $1 AND $2', [this.#number(from), this.#number(until)]);
      if (until === gone) await this.#forgetHours(ask);
    });
    return until + 1;
  }

  /** The rows go in pieces; the position stays until the last, so that whoever is stopped in between begins with it again. */
  async clear(): Promise<void> {
    for (const [table, key] of [
      ['audit_requests', 'sequence'],
      ['audit_lines', 'number'],
    ] as const) {
      const piece = `DELETE FROM ${table} WHERE ${key} IN
        (SELECT ${key} FROM ${table} WHERE ${key} BETWEEN $1 AND $2 ORDER BY ${key} LIMIT ${dropAtOnce}) RETURNING 1`;
      await this.#inPieces(piece, [this.#number(1), this.#number(0, 1) - 1]);
    }
    await this.#db.transact(async (ask) => {
      await ask('DELETE FROM audit_hours WHERE gateway = $1', [this.#gateway]);
      await ask("UPDATE audit_gateways SET sequence = 0, hash = '' WHERE number = $1", [this.#gateway]);
    });
  }

  /** Detectors learn from weeks, and no line is kept for anything else. */
  async tidy(): Promise<void> {
    const piece = `DELETE FROM audit_lines WHERE number IN
      (SELECT number FROM audit_lines WHERE number BETWEEN $1 AND $2 AND time < $3 ORDER BY time LIMIT ${dropAtOnce}) RETURNING 1`;
    const until = systemClock.now() - keptDays * dayMilliseconds;
    await this.#inPieces(piece, [this.#number(1), this.#number(0, 1) - 1, until]);
  }

  async #inPieces(piece: string, params: readonly number[]): Promise<void> {
    let dropped = 1;
    while (dropped > 0) dropped = (await this.#db.ask(piece, params)).length;
  }

  /** An hour of which some records stay keeps its count. */
  async #forgetHours(ask: SharedAsk): Promise<void> {
    const sql = `DELETE FROM audit_hours WHERE gateway = $1 AND hour <
      (SELECT time / ${hourMilliseconds} FROM audit_requests WHERE sequence BETWEEN $2 AND $3 ORDER BY sequence LIMIT 1)`;
    await ask(sql, [this.#gateway, this.#number(1), this.#number(0, 1) - 1]);
  }

  async #sayThere(): Promise<void> {
    const now = systemClock.monotonic();
    if (now - this.#lookedAt < lookMilliseconds) return;
    this.#lookedAt = now;
    await this.#db.ask('UPDATE audit_gateways SET looked_at = $2 WHERE number = $1', [this.#gateway, systemClock.now()]);
  }

  #number(sequence: number, further = 0): number {
    return recordNumber({ gateway: this.#gateway + further, sequence });
  }
}

async function attemptsOf(ask: SharedAsk, requests: readonly string[], gateway: number): Promise<ReadonlyMap<string, number>> {
  if (requests.length === 0) return new Map();
  const rows = await ask(openAttempts, [requests, gateway]);
  return new Map(rows.map((row) => [String(row['request']), Number(row['sequence'])]));
}

/** What began earlier is put together with how it ended. */
async function writeRows(ask: SharedAsk, { requests, hours, people }: SharedRows, began: readonly number[]): Promise<void> {
  if (began.length > 0) await ask('DELETE FROM audit_requests WHERE sequence = ANY($1)', [began]);
  await ask(insertRequests, [JSON.stringify(requests)]);
  if (people.length > 0) await ask(insertPeople, [JSON.stringify(people)]);
  if (hours.length > 0) await ask(addHours, [JSON.stringify(hours)]);
}
