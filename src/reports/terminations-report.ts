// People whose access was ended: minutes from the notice to the cut, what was taken away, and whether they came again.

import { isEndOrder, leavings } from '../core/report/leavings.ts';
import type { Leaving } from '../core/report/leavings.ts';
import type { ReportContent, Section } from '../core/report/report.ts';
import { readOrderNote } from '../core/audit/order-note.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { column } from './column.ts';
import { listedRequests } from './listed-requests.ts';
import type { ReportKind } from './report-kind.ts';

export const terminationsReport: ReportKind = {
  name: 'terminations',
  title: 'Ended access',
  says: 'people who left: minutes from notice to cut, what was taken away, later attempts',
  citations: ['45 CFR 164.308(a)(3)(ii)(C)', '90 FR 898 (proposed, not in force): one hour'],
  wants: null,
  build,
};

/** The order stands before what it led to. */
const beforeMilliseconds = 600_000;

async function build({ period }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const { since, until } = period;
  const left = await listedRequests(sources, { since, until, event: 'offboarded' });
  const rows: Leaving[] = [];
  for (const one of left.requests)
    rows.push(...leavings(await aroundOf(one, sources)).filter(({ record }) => record === one.sequence));
  const late = rows.filter(({ withinHour }) => withinHour === false).length;
  const orders = await listedRequests(sources, { since, until, event: 'order' });
  return {
    about: [],
    figures: [
      { key: 'left', title: 'People whose access was ended', type: 'number', value: rows.length, note: null },
      { key: 'late', title: 'Later than an hour after the notice', type: 'number', value: late, note: 'The hour is of a proposed rule (90 FR 898), which is not in force.' },
      { key: 'unnoticed', title: 'Without the time of the notice', type: 'number', value: rows.filter(({ noticed }) => noticed === null).length, note: null },
      { key: 'accesses', title: 'Accesses after the cut', type: 'number', value: rows.reduce((all, { accesses }) => all + accesses, 0), note: null },
    ], // prettier-ignore
    sections: [peopleSection(rows, left.total), refusedSection(orders.requests, orders.total)],
    limits: [
      'The time of the notice is what the order said; the gateway does not see when somebody was told to go.',
      'Their account at the sign-in service, and passwords that work at the EHR without the gateway, are not seen here.',
      'Tries are counted up to the moment in which the report was made.',
    ],
    blanks: [{ title: 'Other regulated entities told, and when', lines: 3 }],
  };
}

/** Their records from before the order up to now; nothing where they did nothing. */
async function aroundOf(one: FoundRequest, sources: ReportSources): Promise<readonly FoundRequest[]> {
  const { subject, person, time } = one;
  const who = subject === null || subject.sub === '' ? { person: person ?? '' } : { subject };
  return (await listedRequests(sources, { ...who, since: time - beforeMilliseconds })).requests;
}

function peopleSection(rows: Section['rows'], total: number | null): Section {
  return {
    key: 'people',
    title: 'People',
    notes: [],
    columns: [
      column('record', 'Record', 'record'),
      column('person', 'Person', 'person'),
      column('noticed', 'Notice', 'time'),
      column('cutOff', 'Cut off', 'time'),
      column('minutes', 'Minutes', 'number'),
      column('withinHour', 'Within 1 h (proposed)', 'yes-no'),
      column('sessions', 'Sessions ended', 'number'),
      column('credentials', 'EHR passwords removed', 'number'),
      column('emergencyCodes', 'Emergency codes removed', 'number'),
      column('ended', 'What was ended'),
      column('attempts', 'Later tries', 'number'),
      column('accesses', 'Accesses after the cut', 'number'),
      column('readmitted', 'Let in again', 'time'),
      column('actor', 'By'),
      column('because', 'Reason'),
    ],
    rows,
    total,
  };
}

function refusedSection(orders: readonly FoundRequest[], total: number | null): Section {
  const rows = orders.flatMap(({ sequence, time, person, detail }) => {
    const note = readOrderNote(detail ?? '');
    if (note === null || !isEndOrder(note.name) || note.notDone === null) return [];
    return [{ record: sequence, time, person, by: note.by, because: note.because, why: note.notDone }];
  });
  return {
    key: 'not-done',
    title: 'Orders to end access that were not carried out',
    notes: [],
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'Time', 'time'),
      column('person', 'Person', 'person'),
      column('by', 'By'),
      column('because', 'Reason'),
      column('why', 'Why not'),
    ],
    rows,
    total: total === null ? null : rows.length,
  };
}
