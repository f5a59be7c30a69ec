// Who opened what while the clinic was closed, by person and by each such time.

import { afterHours } from '../core/report/after-hours.ts';
import type { AfterHours, CountedAccesses } from '../core/report/after-hours.ts';
import { closedWindows } from '../core/report/closed-windows.ts';
import type { ClosedWindow } from '../core/report/closed-windows.ts';
import type { ReportContent } from '../core/report/report.ts';
import { describeHours } from '../core/policy/hours.ts';
import type { ReportAsks, ReportSources, Tally } from '../report-ports.ts';
import type { RecordQuery } from '../search-ports.ts';
import { column } from './column.ts';
import type { ReportKind } from './report-kind.ts';

export const afterHoursReport: ReportKind = {
  name: 'after-hours',
  title: 'Accesses while the clinic was closed',
  says: 'who opened what outside the hours of clinic.hours, night by night',
  citations: ['45 CFR 164.308(a)(1)(ii)(D)'],
  wants: null,
  build,
};

/** Two years of nights and weekends; more is for a shorter period. */
const mostWindows = 750;

type WindowRow = AfterHours & { readonly from: number; readonly until: number };

async function build({ period }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const { clinic, setup, mostRows } = sources;
  const all = closedWindows(period, clinic.hours, setup.localTime);
  const windows = all.slice(-mostWindows);
  const rows: WindowRow[] = [];
  let isCut = all.length > windows.length;
  for (const window of windows) {
    const found = await peopleWithin(window, sources);
    isCut ||= found.isCut;
    rows.push(...found.people.map((one) => ({ from: window.since, ...one, until: window.until })));
  }
  const shown = rows.slice(-mostRows);
  const sum = (of: (row: WindowRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    about: [{ title: 'Hours', type: 'text', value: clinic.hours.length === 0 ? 'not configured' : describeHours(clinic.hours) }],
    figures: [
      { key: 'windows', title: 'Times the clinic was closed', type: 'number', value: all.length, note: null },
      { key: 'people', title: 'People who opened something then', type: 'number', value: new Set(rows.map(({ person }) => person)).size, note: null },
      { key: 'accesses', title: 'Accesses', type: 'number', value: sum(({ accesses }) => accesses), note: null },
      { key: 'downloads', title: 'Downloads', type: 'number', value: sum(({ downloads }) => downloads), note: null },
    ], // prettier-ignore
    sections: [
      {
        key: 'people',
        title: 'By person and time',
        notes: clinic.hours.length === 0 ? ['No hours are configured (clinic.hours), so nothing can be outside them.'] : [],
        columns: [
          column('record', 'First record', 'record'),
          column('person', 'Person', 'person'),
          column('from', 'Closed from', 'time'),
          column('until', 'Closed until', 'time'),
          column('first', 'First access', 'time'),
          column('last', 'Last access', 'time'),
          column('accesses', 'Accesses', 'number'),
          column('patients', 'Patients', 'number'),
          column('refused', 'Refused', 'number'),
          column('downloads', 'Downloads', 'number'),
          column('bytes', 'Downloaded', 'bytes'),
        ],
        rows: shown,
        total: isCut ? null : rows.length,
      },
    ],
    limits: [
      'The hours are those of the configuration when the report was made, for everybody; nobody has told the gateway who was on duty.',
      'Machines are left out.',
    ],
    blanks: [],
  };
}

async function peopleWithin({ since, until }: ClosedWindow, { records }: ReportSources) {
  const ask = async (query: RecordQuery): Promise<Tally> =>
    records.tally({ since, until, ...query }, ['person', 'event', 'decision', 'patient']);
  const [all, downloads] = [await ask({}), await ask({ download: true })];
  return { people: afterHours(countedOf(all), countedOf(downloads)), isCut: all.isCut || downloads.isCut };
}

function countedOf({ rows }: Tally): readonly CountedAccesses[] {
  return rows.map(({ keys: [person, event, decision, patient], count, bytesOut, since, until, first }) => ({
    person: textOf(person),
    event: textOf(event),
    decision: textOf(decision),
    patient: textOf(patient),
    count,
    bytesOut,
    since,
    until,
    first,
  }));
}

function textOf(value: string | number | null | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
