// "Who opened this chart": every access to one patient, with the person, the place and what was done.

import type { ReportContent } from '../core/report/report.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { listedRequests } from './listed-requests.ts';
import type { ReportKind } from './report-kind.ts';

export const patientReport: ReportKind = {
  name: 'patient',
  title: 'Who opened this chart',
  says: 'every access to one patient: --patient ID',
  citations: ['45 CFR 164.312(b)', '45 CFR 164.308(a)(1)(ii)(D)'],
  wants: 'patient',
  build,
};

async function build({ period, patient }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const id = patient ?? '';
  const tokens = await sources.patients.tokensOf(id);
  const [token = id] = tokens;
  // Records that are older than tokens hold the id itself.
  const query = { patient: [id, ...tokens], since: period.since, until: period.until, ended: true } as const;
  const { requests: found, total: most } = await listedRequests(sources, query);
  // The opening of a chart is told by its own request.
  const requests = found.filter(({ event }) => event !== 'chart-opened');
  const total = most === null ? null : requests.length;
  return {
    about: [{ title: 'Patient', type: 'patient', value: token }],
    figures: [{ key: 'accesses', title: 'Accesses', type: 'number', value: total, note: null }],
    sections: [
      {
        key: 'accesses',
        title: 'Accesses',
        notes: [],
        columns: [
          { key: 'record', title: 'Record', type: 'record' },
          { key: 'time', title: 'Time', type: 'time' },
          { key: 'person', title: 'Person', type: 'person' },
          { key: 'roles', title: 'Roles', type: 'text' },
          { key: 'device', title: 'Device', type: 'text' },
          { key: 'address', title: 'Address', type: 'code' },
          { key: 'action', title: 'Action', type: 'text' },
          { key: 'category', title: 'Category', type: 'text' },
          { key: 'decision', title: 'Outcome', type: 'text' },
        ],
        rows: requests.map(rowOf),
        total,
      },
    ],
    limits: [],
    blanks: [],
  };
}

function rowOf(found: FoundRequest) {
  const { sequence, outcome, time, person, roles, device, address, action, category, decision } = found;
  return { record: outcome ?? sequence, time, person, roles, device, address, action, category, decision };
}
