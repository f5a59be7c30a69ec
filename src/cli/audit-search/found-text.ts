// What was found, as lines: for people, as JSON lines, or as CSV (RFC 4180) that no spreadsheet takes for a formula.

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
] as const satisfies readonly (keyof FoundRequest)[];

export function requestsText(requests: readonly FoundRequest[], form: FoundForm, timezone: string): string[] {
  if (form === 'json') return requests.map((one) => JSON.stringify({ ...one, time: iso(one.time) }));
  if (form === 'csv')
    return [
      columns.join(','),
      ...requests.map((one) => columns.map((name) => csvCell(name === 'time' ? iso(one.time) : one[name])).join(',')),
    ];
  const clock = clockOf(timezone);
  return requests.map((one) => {
    const what = one.event === 'outcome' || one.event === 'refusal' ? `${one.method} ${one.target}` : one.event;
    const said = [one.decision, one.reason, one.status, one.detail];
    const words = [
      one.sequence,
      clock.format(one.time),
      one.person ?? one.address ?? '-',
      one.event === 'attempt' ? `${one.method} ${one.target} (no outcome on record)` : what,
      one.patient === null ? null : `patient=${one.patient}`,
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

function clockOf(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
