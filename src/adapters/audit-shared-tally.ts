// Counts requests of all gateways by what is asked for, out of the index they share: who, which rule, which hour.

import { machineIssuer } from '../core/session/machine-session.ts';
import type { Tally, TallyKey, TallyRow } from '../report-ports.ts';
import type { RecordQuery } from '../search-ports.ts';
import { Groups, quarterMilliseconds, wordColumns } from './audit-index-tally.ts';
import type { Group, TallyLimits } from './audit-index-tally.ts';
import type { SharedAsk } from './audit-shared-db.ts';
import { whereOf } from './audit-shared-search.ts';
import { timeSlices } from './audit-shared-slices.ts';

/** Between the parts of one person: no text of the index holds it. */
const separator = '\n';

/** Rejects where it takes too long, and with what PostgreSQL says. */
export async function tallyShared(
  ask: SharedAsk,
  query: RecordQuery,
  by: readonly TallyKey[],
  { pause, longest }: TallyLimits,
): Promise<Tally> {
  const groups = new Groups(by.length);
  const began = performance.now();
  for (const [since, until] of await timeSlices(ask, query.since, query.until)) {
    const { sql, params } = whereOf({ ...query, since, until });
    groups.add(await ask(sqlOf(sql, by), params));
    if (performance.now() - began > longest) throw new Error('Counting took too long; ask for a shorter time');
    await pause();
  }
  const { rows, isCut } = groups;
  return { rows: rows.map((row) => namedRow(row, by)), isCut };
}

function sqlOf(where: string, by: readonly TallyKey[]): string {
  const keys = by.map((key, at) => `${expressionOf(key)} AS k${at}`);
  return `SELECT ${[...keys, ''].join(', ')} count(*) AS count, coalesce(sum(bytes_in), 0) AS bytes_in,
    coalesce(sum(bytes_out), 0) AS bytes_out, min(time) AS since, max(time) AS until,
    min(sequence) AS first, max(coalesce(outcome, sequence)) AS last
    FROM audit_requests WHERE ${where}
    ${by.length === 0 ? 'HAVING count(*) > 0' : `GROUP BY ${by.map((_key, at) => `k${at}`).join(', ')}`}`;
}

function expressionOf(key: TallyKey): string {
  if (key === 'quarter') return `time / ${quarterMilliseconds}`;
  if (key === 'person') return `CASE WHEN name IS NOT NULL THEN issuer || chr(10) || sub || chr(10) || name END`;
  if (key === 'patient' || key === 'session' || key === 'detail') return key;
  return wordColumns[key];
}

function namedRow({ keys, ...rest }: Group, by: readonly TallyKey[]): TallyRow {
  return { ...rest, keys: by.map((key, at) => nameOf(key, keys[at])) };
}

function nameOf(key: TallyKey, value: unknown): string | number | null {
  if (typeof value === 'number') return value * quarterMilliseconds;
  if (typeof value !== 'string') return null;
  if (key !== 'person') return value;
  const [issuer, , ...name] = value.split(separator);
  return issuer === machineIssuer ? `machine ${name.join(separator)}` : name.join(separator);
}
