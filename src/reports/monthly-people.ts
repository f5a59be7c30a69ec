// Who was active in a month, who came new, and who left.

import type { ReviewCounts } from '../core/report/review-counts.ts';
import type { Section } from '../core/report/report.ts';
import type { ReportSources } from '../report-ports.ts';
import type { RecordQuery } from '../search-ports.ts';
import { column } from './column.ts';
import { listedRequests } from './listed-requests.ts';

export interface MonthlyPeople {
  readonly added: number;
  readonly removed: number;
  readonly section: Section;
}

export async function monthlyPeople(
  query: RecordQuery & { readonly since: number },
  { people, machines }: ReviewCounts,
  sources: ReportSources,
): Promise<MonthlyPeople> {
  const active = [...people, ...machines];
  const firsts = await sources.records.firsts(active.map((person) => ({ person, patient: null })));
  const added = active.flatMap((person, at) => {
    const first = firsts[at];
    return typeof first === 'number' && first >= query.since
      ? [{ person, time: first, change: 'on record for the first time' }]
      : [];
  });
  const left = await listedRequests(sources, { ...query, event: 'offboarded' });
  const removed = left.requests.map(({ person, time, detail }) => ({ person, time, change: 'cut off', said: detail }));
  return {
    added: added.length,
    removed: removed.length,
    section: {
      key: 'people',
      title: 'People and machines that came and went',
      notes: ['Who came new is known by the first record that names them, whenever they were given their account.'],
      columns: [
        column('time', 'Time', 'time'),
        column('person', 'Person', 'person'),
        column('change', 'What'),
        column('said', 'What the record says'),
      ],
      rows: [...added, ...removed].toSorted((one, other) => one.time - other.time),
      total: left.total === null ? null : added.length + removed.length,
    },
  };
}
