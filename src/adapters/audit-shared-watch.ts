// What the records of all gateways say about themselves in a time: the first and the last, and where nothing was on watch.

import { logPlace, recordNumber } from '../core/audit/record-number.ts';
import type { CoveredRecords } from '../core/report/coverage.ts';
import { judgeCoverage, watchSigns } from '../core/report/judge-coverage.ts';
import type { WatchSign } from '../core/report/judge-coverage.ts';
import { togetherOnWatch, togetherRecorded } from '../core/report/together-on-watch.ts';
import type { Watched } from '../report-ports.ts';
import type { SharedAsk } from './audit-shared-db.ts';
import { indexedOf } from './audit-shared-search.ts';
import type { Row } from './state-db.ts';

/** A heartbeat a minute of six weeks. What is longer is asked for in parts. */
const signsAtOnce = 60_000;
/** Of one gateway. More of them in a time that somebody reads a report of is a machine that never ran. */
const mostOwnGaps = 10_000;

/** Half open, epoch milliseconds; `gateway` is the one that asks. */
export async function watchShared(ask: SharedAsk, gateway: number, since: number, until: number): Promise<Watched> {
  const numbers = (await ask('SELECT number FROM audit_gateways WHERE sequence > 0 ORDER BY number')).map((row) =>
    Number(row['number']),
  );
  const gaps = [];
  const records = new Map<number, CoveredRecords>();
  for (const number of numbers) {
    gaps.push(judgeCoverage(await signsOf(ask, number, since, until), since, until, mostOwnGaps).gaps);
    const covered = await coveredRecords(ask, number, since, until);
    if (covered !== null) records.set(number, covered);
  }
  if (numbers.length === 0) gaps.push(judgeCoverage([], since, until).gaps);
  return {
    records: togetherRecorded([...records.values()]),
    ownRecords: records.get(gateway) ?? null,
    ...(numbers.length > 1 && { together: { logs: numbers.length, ownLast: lastOf(records.get(gateway)) } }),
    indexed: await indexedOf(ask, gateway),
    ...togetherOnWatch(gaps),
  };
}

/** Of one gateway, from the last sign before the time on. */
async function signsOf(ask: SharedAsk, gateway: number, since: number, until: number): Promise<readonly WatchSign[]> {
  const range = [recordNumber({ gateway, sequence: 1 }), recordNumber({ gateway: gateway + 1, sequence: 0 }) - 1] as const;
  const before = `SELECT sequence, event, time FROM audit_requests WHERE event = ANY($1) AND time < $2
    AND sequence BETWEEN $3 AND $4 ORDER BY time DESC, sequence DESC LIMIT 1`;
  const signs = (await ask(before, [watchSigns, Math.ceil(since), ...range])).map(signOf);
  const within = `SELECT sequence, event, time FROM audit_requests WHERE event = ANY($1) AND time >= $2 AND time < $3
    AND sequence BETWEEN $4 AND $5 ORDER BY sequence LIMIT ${signsAtOnce}`;
  for (let after = range[0] - 1, more = true; more;) {
    const found = (await ask(within, [watchSigns, Math.ceil(since), Math.ceil(until), after + 1, range[1]])).map(signOf);
    signs.push(...found);
    more = found.length === signsAtOnce;
    after = found.at(-1)?.sequence ?? after;
  }
  return signs;
}

function signOf(row: Row): WatchSign {
  return { sequence: Number(row['sequence']), event: String(row['event']), time: Number(row['time']) };
}

/** What began or ended in the time, by its numbers. */
async function coveredRecords(ask: SharedAsk, gateway: number, since: number, until: number): Promise<CoveredRecords | null> {
  const sql = `SELECT min(sequence) AS first, max(coalesce(outcome, sequence)) AS last, min(time) AS begins, max(time) AS ends
    FROM audit_requests WHERE time >= $1 AND time < $2 AND sequence BETWEEN $3 AND $4`;
  const range = [recordNumber({ gateway, sequence: 1 }), recordNumber({ gateway: gateway + 1, sequence: 0 }) - 1];
  const [row] = await ask(sql, [Math.ceil(since), Math.ceil(until), ...range]);
  const [first, last] = [row?.['first'], row?.['last']];
  if (typeof first !== 'number' || typeof last !== 'number') return null;
  return { first, last, count: last - first + 1, firstTime: Number(row?.['begins']), lastTime: Number(row?.['ends']) };
}

function lastOf(own: CoveredRecords | undefined): number | null {
  return own === undefined ? null : logPlace(own.last).sequence;
}
