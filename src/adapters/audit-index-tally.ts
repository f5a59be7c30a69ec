// Counts requests in the search index by what is asked for: who, which rule, which hour. It goes through them a slice at a time,
// so that whoever else asks the index is answered in between, and a count that takes too long ends.

import type { DatabaseSync } from 'node:sqlite';
import { machineIssuer } from '../core/session/machine-session.ts';
import type { Tally, TallyKey, TallyRow } from '../report-ports.ts';
import type { RecordQuery } from '../search-ports.ts';
import { askedOf, rangeOf, testsOf, waysIn } from './audit-index-search.ts';

/** Groups that are counted; what comes then is left out, and the tally says so. */
export const mostTallied = 50_000;
/** Record numbers of one slice. */
const sliceRecords = 100_000;
export const quarterMilliseconds = 900_000;
const separator = '\u0000';

/** Keys that are the number of a word, and their columns. */
export const wordColumns = {
  event: 'event',
  roles: 'roles',
  device: 'device',
  factor: 'factor',
  address: 'address',
  application: 'application',
  method: 'method',
  patientSource: 'patient_source',
  category: 'category',
  action: 'action',
  rule: 'rule',
  decision: 'decision',
  reason: 'reason',
} as const;

export interface TallyLimits {
  /** Awaited between two slices. */
  readonly pause: () => Promise<void>;
  /** Milliseconds; no limit where it is Infinity. */
  readonly longest: number;
}

/** Rejects where it takes too long, and with system errors. */
export async function tallyIndex(
  database: DatabaseSync,
  query: RecordQuery,
  by: readonly TallyKey[],
  { pause, longest }: TallyLimits,
): Promise<Tally> {
  const asked = askedOf(database, query);
  const [first, last] = rangeOf(database, query);
  const indexed = Number(database.prepare('SELECT sequence FROM progress').get()?.['sequence'] ?? 0);
  if (asked.some(({ ids }) => ids.length === 0)) return { rows: [], isCut: false };
  const [driver, ways] = waysIn(database, query, asked);
  const groups = new Groups(by.length);
  const sliced = ways.map(({ start, params }) => ({
    statement: database.prepare(sqlOf(start, query, asked, driver, by)),
    params,
  }));
  const began = performance.now();
  const end = Math.min(last, indexed);
  for (let from = first; from <= end; from += sliceRecords) {
    const to = Math.min(from + sliceRecords - 1, end);
    for (const { statement, params } of sliced)
      groups.add(statement.all(...params, from, to, query.since ?? 0, query.until ?? Number.MAX_SAFE_INTEGER));
    if (performance.now() - began > longest) throw new Error('Counting took too long; ask for a shorter time');
    await pause();
  }
  const { rows, isCut } = groups;
  return { rows: rows.map((row) => namedRow(database, row, by)), isCut };
}

/** Ways overlap where a grant and an event are asked for; whoever counts does not ask for a review. */
function sqlOf(
  start: string,
  query: RecordQuery,
  asked: ReturnType<typeof askedOf>,
  driver: ReturnType<typeof waysIn>[0],
  by: readonly TallyKey[],
): string {
  const keys = by.map((key, at) => `${expressionOf(key)} AS k${at}`);
  const tests = testsOf(query, asked, driver);
  return `SELECT ${[...keys, ''].join(', ')} count(*) AS count, total(bytes_in) AS bytes_in, total(bytes_out) AS bytes_out,
    min(time) AS since, max(time) AS until, min(sequence) AS first, max(coalesce(outcome, sequence)) AS last
    FROM requests WHERE ${start} sequence BETWEEN ? AND ? AND time >= ? AND time < ? ${tests.join(' ')}
    ${by.length === 0 ? 'HAVING count(*) > 0' : `GROUP BY ${by.map((_key, at) => `k${at}`).join(', ')}`}`;
}

function expressionOf(key: TallyKey): string {
  if (key === 'quarter') return `time / ${quarterMilliseconds}`;
  if (key === 'person' || key === 'patient' || key === 'session' || key === 'detail') return key;
  return wordColumns[key];
}

export type Group = Omit<TallyRow, 'keys'> & { readonly keys: readonly unknown[] };

/** Rows of several slices, put together by their keys `k0`, `k1` and so on. */
export class Groups {
  readonly #keys: number;
  readonly #groups = new Map<string, Group>();
  isCut = false;

  constructor(keys: number) {
    this.#keys = keys;
  }

  get rows(): Group[] {
    return [...this.#groups.values()].sort((one, other) => other.count - one.count || one.first - other.first);
  }

  add(rows: readonly Readonly<Record<string, unknown>>[]): void {
    for (const row of rows) {
      const keys = Array.from({ length: this.#keys }, (_none, at) => row[`k${at}`]);
      const name = keys.join(separator);
      const known = this.#groups.get(name);
      if (known === undefined && this.#groups.size >= mostTallied) this.isCut = true;
      else this.#groups.set(name, merged(known, keys, row));
    }
  }
}

function merged(known: Group | undefined, keys: readonly unknown[], row: Readonly<Record<string, unknown>>): Group {
  const of = (name: string): number => Number(row[name]);
  return {
    keys,
    count: of('count') + (known?.count ?? 0),
    bytesIn: of('bytes_in') + (known?.bytesIn ?? 0),
    bytesOut: of('bytes_out') + (known?.bytesOut ?? 0),
    since: Math.min(of('since'), known?.since ?? Infinity),
    until: Math.max(of('until'), known?.until ?? -Infinity),
    first: Math.min(of('first'), known?.first ?? Infinity),
    last: Math.max(of('last'), known?.last ?? -Infinity),
  };
}

function namedRow(database: DatabaseSync, { keys, ...rest }: Group, by: readonly TallyKey[]): TallyRow {
  return { ...rest, keys: by.map((key, at) => nameOf(database, key, keys[at])) };
}

function nameOf(database: DatabaseSync, key: TallyKey, value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (key === 'quarter') return Number(value) * quarterMilliseconds;
  if (key === 'person') {
    const { issuer, name } = database.prepare('SELECT issuer, name FROM people WHERE id = ?').get(Number(value)) ?? {};
    return issuer === machineIssuer ? `machine ${String(name)}` : String(name);
  }
  const table = key === 'patient' ? 'patients' : 'words';
  return String(database.prepare(`SELECT text FROM ${table} WHERE id = ?`).get(Number(value))?.['text']);
}
