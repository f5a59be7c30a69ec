// Cuts a time into pieces of about as many requests each, by what its hours count: one statement goes through one piece, so that
// none takes too long, and whoever else asks is answered in between.

import type { SharedAsk } from './audit-shared-db.ts';

const hourMilliseconds = 3_600_000;
const sliceRequests = 100_000;

/** Half open, epoch milliseconds. */
export type TimeSlice = readonly [since: number, until: number];

/** What lies between `since` and `until` and is in the index; nothing where that is empty. */
export async function timeSlices(ask: SharedAsk, since = 0, until = Number.MAX_SAFE_INTEGER): Promise<readonly TimeSlice[]> {
  const [ends] = await ask('SELECT min(time) AS first, max(time) AS last FROM audit_requests');
  const [first, last] = [ends?.['first'], ends?.['last']];
  if (typeof first !== 'number' || typeof last !== 'number') return [];
  const from = Math.max(Math.ceil(since), first);
  const end = Math.min(Math.ceil(until), last + 1);
  if (from >= end) return [];
  const sql = `SELECT hour, sum(count) AS count FROM audit_hours WHERE hour BETWEEN $1 AND $2 GROUP BY hour ORDER BY hour`;
  const slices: TimeSlice[] = [];
  let [begin, counted] = [from, 0];
  for (const row of await ask(sql, [Math.floor(from / hourMilliseconds), Math.floor(end / hourMilliseconds)])) {
    const behind = (Number(row['hour']) + 1) * hourMilliseconds;
    counted += Number(row['count']);
    if (counted < sliceRequests || behind <= begin || behind >= end) continue;
    slices.push([begin, behind]);
    [begin, counted] = [behind, 0];
  }
  return [...slices, [begin, end]];
}
