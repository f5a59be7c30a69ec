// What was found, as lines: for people, as JSON lines, or as CSV (RFC 4180) that no spreadsheet takes for a formula.

import { recordName } from '../../core/audit/record-number.ts';
import { showPatients } from '../../core/patients/show-patients.ts';
import type { ShownPatient } from '../../patient-ports.ts';
import type { FoundRequest, HourCount } from '../../search-ports.ts';
import { csvCell } from '../../core/audit/csv-cell.ts';
import { plainText } from '../plain-text.ts';

export type FoundForm = 'text' | 'json' | 'csv';

const columns = [
  'sequence',
  'outcome',
  'time',
  'event',
  'person',
  'address',
  'application',
  'method',
  'target',
  'patient',
  'patientId',
  'patientName',
  'category',
  'action',
  'rule',
  'decision',
  'reason',
  'status',
  'bytesOut',
  'request',
  'session',
  'grant',
  'detail',
] as const satisfies readonly (keyof Named)[];

/** With who is behind the token, where that is known: the record itself says the token. */
type Named = FoundRequest & { readonly patientId: string | null; readonly patientName: string | null };

export type KnownPatients = ReadonlyMap<string, ShownPatient>;

export function requestsText(found: readonly FoundRequest[], form: FoundForm, timezone: string, known: KnownPatients): string[] {
  const requests = found.map((one) => named(one, known));
  if (form === 'json') return requests.map((one) => JSON.stringify({ ...one, time: iso(one.time) }));
  if (form === 'csv')
    return [
      columns.join(','),
      ...requests.map((one) => columns.map((name) => csvCell(name === 'time' ? iso(one.time) : one[name])).join(',')),
    ];
  const clock = clockOf(timezone);
  return requests.map((recorded) => {
    const one = showPatients(recorded, known);
    const what = one.event === 'outcome' || one.event === 'refusal' ? `${one.method} ${one.target}` : one.event;
    const said = [one.decision, one.reason, one.status, one.detail];
    const words = [
      recordName(one.sequence),
      clock.format(one.time),
      one.person ?? one.address ?? '-',
      one.event === 'attempt' ? `${one.method} ${one.target} (no outcome on record)` : what,
      one.patient === null ? null : `patient=${one.patient}${one.patientName === null ? '' : ` (${one.patientName})`}`,
      one.rule,
      ...said,
    ];
    return words.flatMap((word) => (word === null ? [] : [plainText(word)])).join('  ');
  });
}

export function hoursText(hours: readonly HourCount[], form: FoundForm, timezone: string): string[] {
  if (form === 'json') return hours.map((one) => JSON.stringify({ ...one, hour: iso(one.hour) }));
  if (form === 'csv')
    return [
      'hour,event,decision,count,bytesOut',
      ...hours.map(({ hour, event, decision, count, bytesOut }) =>
        [iso(hour), event, decision, count, bytesOut].map(csvCell).join(','),
      ),
    ];
  const clock = clockOf(timezone);
  return hours.map(({ hour, event, decision, count }) =>
    [clock.format(hour), event, decision ?? '-', String(count)].map((word) => plainText(word)).join('  '),
  );
}

function named(one: FoundRequest, known: KnownPatients): Named {
  const shown = one.patient === null ? undefined : known.get(one.patient);
  return { ...one, patientId: shown?.id ?? null, patientName: shown?.name ?? null };
}

function clockOf(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
