// What left the EHR as a file: who took what of whom, how much, what the budgets said, and where it was stopped.

import { downloadsOfPeople, downloadTold } from '../core/report/downloads-told.ts';
import type { DownloadTold } from '../core/report/downloads-told.ts';
import type { Column, ReportContent, Row, Section } from '../core/report/report.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import { column } from './column.ts';
import { exportAdditions } from './export-additions.ts';
import { listedEvents } from './listed-events.ts';
import { listedRequests } from './listed-requests.ts';
import type { ListedRequests } from './listed-requests.ts';
import type { ReportKind } from './report-kind.ts';

export const exportsReport: ReportKind = {
  name: 'exports',
  title: 'Exports and downloads',
  says: 'what left the EHR as a file, how much, and what a budget or rule stopped',
  citations: ['45 CFR 164.308(a)(1)(ii)(D)', '45 CFR 164.312(b)'],
  wants: null,
  build,
};

async function build({ period: { since, until } }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const listed = await listedRequests(sources, { since, until, download: true, ended: true });
  const downloads = listed.requests.map((one) => downloadTold(one));
  const people = downloadsOfPeople(downloads);
  const sum = (of: (row: (typeof people)[number]) => number): number => people.reduce((total, row) => total + of(row), 0);
  return {
    about: [],
    figures: [
      { key: 'sent', title: 'Downloads that were sent', type: 'number', value: sum(({ sent }) => sent), note: null },
      { key: 'bytes', title: 'Sent in all', type: 'bytes', value: sum(({ bytes }) => bytes), note: 'What was cut or not finished counts as far as it came.' },
      { key: 'stopped', title: 'Refused or cut', type: 'number', value: sum(({ stopped }) => stopped), note: null },
      { key: 'slowed', title: 'Slowed', type: 'number', value: sum(({ slowed }) => slowed), note: null },
      { key: 'people', title: 'People', type: 'number', value: people.length, note: null },
    ], // prettier-ignore
    sections: [await downloadSection(listed, downloads, sources), peopleSection(people, listed.total), await budgetSection(since, until, sources)],
    limits: [
      'A download is what a rule, its headers, its type or its size say is one; what is read on a screen, printed or copied from there is none.',
      'One that names no patient may hold many; what is in a file is never read.',
      'What became of a file afterwards is not known here.',
    ],
    blanks: [],
  }; // prettier-ignore
}

const columns: readonly Column[] = [
  column('record', 'Record', 'record'),
  column('time', 'Time', 'time'),
  column('person', 'Person', 'person'),
  column('patient', 'Patient', 'patient'),
  column('what', 'What', 'code'),
  column('category', 'Category'),
  column('known', 'Known for a download'),
  column('bytes', 'Sent', 'bytes'),
  column('rule', 'Rule'),
  column('came', 'What came of it'),
  column('reason', 'Reason', 'code'),
  column('stopped', 'Stopped'),
];

async function downloadSection(
  { requests, total }: ListedRequests,
  downloads: readonly DownloadTold[],
  sources: ReportSources,
): Promise<Section> {
  let rows: readonly Row[] = downloads.map(({ told, ...row }) => ({ ...row, came: told }));
  for (const { cells } of exportAdditions) {
    const known = await cells(requests, sources);
    rows = rows.map((row, at) => ({ ...row, ...known.get(requests[at]?.request ?? '') }));
  }
  const added = exportAdditions.flatMap((one) => one.columns);
  return { key: 'downloads', title: 'Downloads', notes: [], columns: [...columns, ...added], rows, total };
}

function peopleSection(rows: Section['rows'], total: number | null): Section {
  return {
    key: 'people',
    title: 'By person',
    notes: total === null ? ['Counted over the rows above alone: there are more.'] : [],
    columns: [
      column('person', 'Person', 'person'),
      column('sent', 'Sent', 'number'),
      column('bytes', 'Bytes', 'bytes'),
      column('patients', 'Patients named', 'number'),
      column('unnamed', 'Without a patient', 'number'),
      column('slowed', 'Slowed', 'number'),
      column('stopped', 'Refused or cut', 'number'),
    ],
    rows,
    total: total === null ? null : rows.length,
  };
}

async function budgetSection(since: number, until: number, sources: ReportSources): Promise<Section> {
  const { requests, total } = await listedEvents(sources, { since, until }, ['budget-warning', 'budget-extended']);
  return {
    key: 'budgets',
    title: 'Budgets: warnings, and what people said to get more',
    notes: [],
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'Time', 'time'),
      column('person', 'Person', 'person'),
      column('what', 'What'),
      column('detail', 'As recorded'),
      column('rule', 'Rule'),
    ],
    rows: requests.map(({ sequence, time, person, event, detail, rule }) => ({
      record: sequence,
      time,
      person,
      what: event === 'budget-extended' ? 'extended for the day' : 'warned',
      detail,
      rule,
    })),
    total,
  };
}
