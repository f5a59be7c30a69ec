// What the record says about itself in a time, out of the search index: its first and last record, and where nothing was on
// watch.

import type { DatabaseSync } from 'node:sqlite';
import type { CoveredRecords } from '../core/report/coverage.ts';
import { judgeCoverage, watchSigns } from '../core/report/judge-coverage.ts';
import type { WatchSign } from '../core/report/judge-coverage.ts';
import type { Watched } from '../report-ports.ts';
import { rangeOf } from './audit-index-search.ts';

/** Requests at the end that are looked through for the outcome with the highest number. */
const lastLooked = 1000;

/** Half open, epoch milliseconds. Throws system errors. */
export function watchIndex(database: DatabaseSync, since: number, until: number): Watched {
  const indexed = Number(database.prepare('SELECT sequence FROM progress').get()?.['sequence'] ?? 0);
  const judged = judgeCoverage(signsOf(database, since, until), since, until);
  const records = coveredRecords(database, since, until);
  return {
    records,
    ownRecords: records,
    indexed,
    gaps: judged.gaps,
    gapCount: judged.gapCount,
    unwatchedMilliseconds: judged.unwatchedMilliseconds,
  };
}

/** From the last sign before the time on. */
function* signsOf(database: DatabaseSync, since: number, until: number): Generator<WatchSign> {
  const known = watchSigns.flatMap((event) => {
    const id = database.prepare('SELECT id FROM words WHERE text = ?').get(event)?.['id'];
    return typeof id === 'number' ? [{ id, event }] : [];
  });
  const names = new Map(known.map(({ id, event }) => [id, event]));
  const ids = [...names.keys()].join(', ');
  if (ids === '') return;
  const toSign = (row: Readonly<Record<string, unknown>>): WatchSign => ({
    sequence: Number(row['sequence']),
    event: names.get(Number(row['event'])) ?? '',
    time: Number(row['time']),
  });
  const [from, to] = rangeOf(database, { since, until });
  const before = [...names.keys()].flatMap((id) => {
    const sql = 'SELECT sequence, event, time FROM requests WHERE event = ? AND sequence < ? ORDER BY sequence DESC LIMIT 2';
    return database
      .prepare(sql)
      .all(id, from === Infinity ? Number.MAX_SAFE_INTEGER : from)
      .map(toSign);
  });
  const latest = before.sort((one, other) => one.sequence - other.sequence).at(-1);
  if (latest !== undefined) yield latest;
  if (from > to) return;
  // The hours of the range stick out on both sides; what lies there is as good a sign as any.
  const sql = `SELECT sequence, event, time FROM requests WHERE event IN (${ids}) AND sequence BETWEEN ? AND ? ORDER BY sequence`;
  for (const row of database.prepare(sql).iterate(from, to)) yield toSign(row);
}

/** What began or ended in the time, by its numbers. */
function coveredRecords(database: DatabaseSync, since: number, until: number): CoveredRecords | null {
  const [from, to] = rangeOf(database, { since, until });
  if (from > to) return null;
  const sql = (order: string): string => `SELECT sequence, coalesce(outcome, sequence) AS last, time FROM requests
    WHERE sequence BETWEEN ? AND ? AND time >= ? AND time < ? ORDER BY sequence ${order} LIMIT ?`;
  const first = database.prepare(sql('ASC')).get(from, to, since, until, 1);
  const latest = database.prepare(sql('DESC')).all(from, to, since, until, lastLooked);
  if (first === undefined) return null;
  const last = Math.max(...latest.map((row) => Number(row['last'])));
  return {
    first: Number(first['sequence']),
    last,
    count: last - Number(first['sequence']) + 1,
    firstTime: Number(first['time']),
    lastTime: Math.max(...latest.map((row) => Number(row['time']))),
  };
}
