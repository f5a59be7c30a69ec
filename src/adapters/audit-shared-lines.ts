// The records of all gateways as each wrote them, out of the index that they share, which keeps the lines of some weeks. What is
// read here is held against its own hash; whether it stands in its log as well is for the verifier.

import { createHash } from 'node:crypto';
import { logPlace, recordName, recordNumber } from '../core/audit/record-number.ts';
import { readRecord, sealBytes } from '../core/audit/read-record.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { systemClock } from './clock-system.ts';
import type { SharedAsk } from './audit-shared-db.ts';
import type { Row } from './state-db.ts';

/** A day more than detectors learn from. */
export const keptDays = 36;
const dayMilliseconds = 86_400_000;
/** Records of one statement. */
const atOnce = 2000;
/** A gateway says every ten seconds that it is there. */
const silentMilliseconds = 60_000;

/**
 * Every record since a time, in the order of time, by its number among all. Rejects where some of them are not kept any more, and
 * where a line is not what its gateway wrote.
 */
export async function* readSharedLines(ask: SharedAsk, since: number): AsyncGenerator<ReadRecord> {
  if (since < systemClock.now() - keptDays * dayMilliseconds)
    throw new Error(
      `The index that gateways share keeps whole records for ${keptDays} days; ask for less with --since, or name a copy of each log with --dir`,
    );
  const sql = `SELECT number, time, line FROM audit_lines WHERE (time, number) > ($1, $2) ORDER BY time, number LIMIT ${atOnce}`;
  let [time, number] = [Math.ceil(since) - 1, Number.MAX_SAFE_INTEGER];
  for (let rows: readonly Row[] | null = null; rows === null || rows.length === atOnce;) {
    rows = await ask(sql, [time, number]);
    for (const row of rows) {
      [time, number] = [Number(row['time']), Number(row['number'])];
      yield sharedLine(row);
    }
  }
}

/** Throws where the line is not what its gateway wrote. */
export function sharedLine({ number, line }: Row): ReadRecord {
  const text = String(line);
  const record = readRecord(text);
  const bytes = Buffer.from(text);
  const hash = createHash('sha256').update(bytes.subarray(0, -sealBytes)).digest('hex');
  if (record === null || record.hash !== hash || record.sequence !== logPlace(Number(number)).sequence)
    throw new Error(`record ${recordName(Number(number))} in the shared index is not as its gateway wrote it`);
  return { ...record, sequence: Number(number) };
}

export interface LateGateway {
  readonly gateway: number;
  /** Epoch milliseconds, when it brought its records last; 0 where it never did. */
  readonly since: number;
}

/** Of these the last one says whether a gateway runs: what a command puts on record beside a stopped one says nothing of it. */
const signs = ['start', 'heartbeat', 'stop'];

/** Other gateways whose newest records are not in the index: they have not said anything for a minute, and did not stop in order. */
export async function lateGateways(ask: SharedAsk, own: number, now: number): Promise<readonly LateGateway[]> {
  const silent = 'SELECT number, looked_at FROM audit_gateways WHERE number <> $1 AND looked_at < $2 ORDER BY number';
  const last =
    'SELECT event FROM audit_requests WHERE sequence BETWEEN $1 AND $2 AND event = ANY($3) ORDER BY sequence DESC LIMIT 1';
  const late: LateGateway[] = [];
  for (const row of await ask(silent, [own, now - silentMilliseconds])) {
    const gateway = Number(row['number']);
    const range = [recordNumber({ gateway, sequence: 1 }), recordNumber({ gateway: gateway + 1, sequence: 0 }) - 1] as const;
    const [sign] = await ask(last, [...range, signs]);
    if (sign?.['event'] !== 'stop') late.push({ gateway, since: Number(row['looked_at']) });
  }
  return late;
}
