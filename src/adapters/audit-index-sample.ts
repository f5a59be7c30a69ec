// Draws requests by lot out of the search index, of each role so many. Who knows the seed and has the record draws the same
// ones again; nobody chooses them.

import type { DatabaseSync } from 'node:sqlite';
import type { SampleSize } from '../report-ports.ts';
import type { FoundRequest, RecordQuery } from '../search-ports.ts';
import { askedOf, rangeOf, rowsOf, testsOf, waysIn } from './audit-index-search.ts';
import type { TallyLimits } from './audit-index-tally.ts';

const sliceRecords = 100_000;
/** A prime below 2^31: products of two numbers under it are whole numbers of 64 bits. */
const prime = 2_147_483_647;

export interface Drawn {
  readonly lot: number;
  readonly sequence: number;
}

/** In the order of the record. Rejects where it takes too long, and with system errors. */
export async function sampleIndex(
  database: DatabaseSync,
  query: RecordQuery,
  sizes: readonly SampleSize[],
  seed: number,
  { pause, longest }: TallyLimits,
): Promise<readonly FoundRequest[]> {
  const asked = askedOf(database, query);
  const [first, last] = rangeOf(database, query);
  const indexed = Number(database.prepare('SELECT sequence FROM progress').get()?.['sequence'] ?? 0);
  if (asked.some(({ ids }) => ids.length === 0)) return [];
  const [driver, ways] = waysIn(database, query, asked);
  const tests = testsOf(query, asked, driver).join(' ');
  const rows = ways.map(({ start, params }) => ({
    statement: database.prepare(`SELECT sequence, ${lotOf(seed)} AS lot FROM requests
      WHERE ${start} +roles IS ? AND sequence BETWEEN ? AND ? AND time >= ? AND time < ? ${tests} ORDER BY lot, sequence LIMIT ?`),
    params,
  }));
  const strata = sizes.map(({ roles, size }) => ({ roles: wordOf(database, roles), size, drawn: [] as Drawn[] }));
  const end = Math.min(last, indexed);
  const began = performance.now();
  for (let from = first; from <= end; from += sliceRecords) {
    const to = Math.min(from + sliceRecords - 1, end);
    for (const stratum of strata)
      for (const { statement, params } of rows) {
        const times = [query.since ?? 0, query.until ?? Number.MAX_SAFE_INTEGER] as const;
        const found = statement.all(...params, stratum.roles, from, to, ...times, stratum.size);
        stratum.drawn = lowest([...stratum.drawn, ...found.map(drawnOf)], stratum.size);
      }
    if (performance.now() - began > longest) throw new Error('Drawing the sample took too long; ask for a shorter time');
    await pause();
  }
  const numbers = strata.flatMap(({ drawn }) => drawn.map(({ sequence }) => sequence));
  return rowsOf(
    database,
    numbers.sort((one, other) => one - other),
  );
}

/** Two rounds over the record's number: neighbours do not stay neighbours, and seeds that are close share no order. */
export function lotOf(seed: number): string {
  const factor = stirred(seed, 4);
  const offset = stirred(seed, 5);
  const start = `((sequence % ${prime}) * ${factor} + ${offset}) % ${prime}`;
  return `((${start}) * ((${start}) % 65521 + 1) + ${offset}) % ${prime}`;
}

/** So many steps of the generator of Lehmer, as Park and Miller have it; from 1 to the prime, which is not in it. */
function stirred(seed: number, steps: number): number {
  let value = (Math.abs(Math.trunc(seed)) % (prime - 1)) + 1;
  for (let step = 0; step < steps; step += 1) value = (value * 48_271) % prime;
  return value;
}

export function lowest(drawn: readonly Drawn[], size: number): Drawn[] {
  return drawn.toSorted((one, other) => one.lot - other.lot || one.sequence - other.sequence).slice(0, size);
}

export function drawnOf(row: Readonly<Record<string, unknown>>): Drawn {
  return { lot: Number(row['lot']), sequence: Number(row['sequence']) };
}

/** -1 is the number of no word. */
function wordOf(database: DatabaseSync, text: string | null): number | null {
  if (text === null) return null;
  return Number(database.prepare('SELECT id FROM words WHERE text = ?').get(text)?.['id'] ?? -1);
}
