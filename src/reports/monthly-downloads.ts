// What was taken away as files in a month: how many, how much, and the ten largest.

import type { Section } from '../core/report/report.ts';
import type { ReportSources } from '../report-ports.ts';
import type { RecordQuery } from '../search-ports.ts';
import { column } from './column.ts';
import { listedRequests } from './listed-requests.ts';

export interface MonthlyDownloads {
  readonly count: number;
  readonly bytes: number;
  /** Kept back, by a rule or a budget. */
  readonly refused: number;
  readonly section: Section;
}

const mostShown = 10;

export async function monthlyDownloads(query: RecordQuery, sources: ReportSources): Promise<MonthlyDownloads> {
  const { rows } = await sources.records.tally({ ...query, ended: true, download: true }, ['decision']);
  const passed = rows.filter(({ keys: [decision] }) => decision !== 'refused');
  const sum = (of: (row: (typeof rows)[number]) => number): number => passed.reduce((all, row) => all + of(row), 0);
  const { requests, total } = await listedRequests(sources, { ...query, ended: true, download: true });
  const largest = requests
    .filter(({ decision }) => decision !== 'refused')
    .toSorted((one, other) => (other.bytesOut ?? 0) - (one.bytesOut ?? 0))
    .slice(0, mostShown);
  const cut = total === null ? [`Of the last ${requests.length} downloads; there were more.`] : [];
  const count = sum((row) => row.count);
  return {
    count,
    bytes: sum((row) => row.bytesOut),
    refused: rows.reduce((all, row) => all + row.count, 0) - count,
    section: {
      key: 'downloads',
      title: 'The largest downloads',
      notes: [`The ten with most bytes; the report of downloads lists all of them.`, ...cut],
      columns: [
        column('record', 'Record', 'record'),
        column('time', 'Time', 'time'),
        column('person', 'Person', 'person'),
        column('patient', 'Patient', 'patient'),
        column('target', 'Page', 'code'),
        column('category', 'Category'),
        column('bytes', 'Bytes', 'bytes'),
      ],
      rows: largest.map(({ sequence, time, person, patient, target, category, bytesOut }) => ({
        record: sequence,
        time,
        person,
        patient,
        target,
        category,
        bytes: bytesOut,
      })),
      total: largest.length,
    },
  };
}
