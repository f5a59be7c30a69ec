// The newest records for the console, read from the segments of the last days. Keeps no more than it shows.

import { join } from 'node:path';
import { readRecord } from '../core/audit/read-record.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import type { Clock, RecordFilter, RecordReader, ShownRecord } from '../ports.ts';
import { listSegments, readLines } from './audit-read-lines.ts';

const days = 7;
/** What somebody should look at afterwards: emergency accesses, extended budgets, passes over one, lock-outs. */
const reviewed = new Set([
  'break-glass',
  'budget-extended',
  'budget-warning',
  'second-factor-blocked',
  'configuration-rejected',
  'audit-outage',
  'audit-repaired',
]);

export function auditReader(directories: readonly string[], clock: Pick<Clock, 'now'>): RecordReader {
  return {
    async latest(filter, most) {
      const since = new Date(clock.now() - days * 86_400_000).toISOString().slice(0, 10);
      const segments = (await listSegments(directories)).filter(({ name }) => name.slice(0, 10) >= since);
      const found: ShownRecord[] = [];
      // The newest file first, so that a busy week is not read for a page of today.
      for (const { directory, name } of segments.reverse()) {
        const ofFile: ShownRecord[] = [];
        for await (const { lines } of readLines(join(directory, name))) {
          for (const line of lines) {
            const record = readRecord(line.text);
            if (record === null || !fits(record, filter)) continue;
            ofFile.push(shownRecord(record));
            if (ofFile.length > most) ofFile.shift();
          }
        }
        found.push(...ofFile.reverse());
        if (found.length >= most) break;
      }
      return found.slice(0, most);
    },
  };
}

// An attempt is told by its outcome; the pair would read as two accesses.
function fits({ event, fields }: ReadRecord, { person, patient, only }: RecordFilter): boolean {
  if (event === 'attempt') return false;
  if (person !== null && text(subjectOf(fields)['name']) !== person) return false;
  if (patient !== null && text(fields['patient']) !== patient) return false;
  if (only === 'refused') return fields['decision'] === 'refused';
  return only !== 'review' || reviewed.has(event) || fields['grant'] !== undefined;
}

function shownRecord({ event, fields }: ReadRecord): ShownRecord {
  return {
    event,
    time: Date.parse(text(fields['time']) ?? ''),
    person: text(subjectOf(fields)['name']),
    address: text(fields['address']),
    method: text(fields['method']),
    target: text(fields['target']),
    patient: text(fields['patient']),
    rule: text(fields['rule']),
    decision: text(fields['decision']),
    reason: text(fields['reason']),
    detail: text(fields['detail']),
  };
}

function subjectOf(fields: ReadRecord['fields']): Readonly<Record<string, unknown>> {
  const { subject } = fields;
  return typeof subject === 'object' && subject !== null ? { ...subject } : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
