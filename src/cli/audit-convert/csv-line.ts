// A record as a row of CSV (RFC 4180), every key a column in the order of docs/audit-format.md, that no spreadsheet takes for a
// formula.

import type { ReadRecord } from '../../core/audit/read-record.ts';
import { csvCell } from '../../core/audit/csv-cell.ts';

const before = ['seq', 'time', 'boot', 'monotonic', 'event', 'request'] as const;
const person = ['issuer', 'sub', 'name', 'machine'] as const;
const after =
  'roles session factor device address agent application method target targetHash patient patientSource category action download pace rule decision reason wouldRefuse activity status bytesIn bytesOut durationMilliseconds endedBy policy grant detail prev hash'.split(
    ' ',
  );

export const csvHeader = [...before, ...person, ...after].join(',');

export function csvLine({ fields }: ReadRecord): string {
  const subject = Object(fields['subject']) as Record<string, unknown>;
  const values = [...before.map((key) => fields[key]), ...person.map((key) => subject[key]), ...after.map((key) => fields[key])];
  return values.map((value) => csvCell(written(value))).join(',');
}

function written(value: unknown): string | number {
  if (typeof value === 'number') return value;
  return Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : '';
}
