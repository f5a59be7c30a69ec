// "Who opened this chart": the visits to one patient's chart, and every request behind them.

import { chartVisits } from '../core/report/chart-visits.ts';
import type { ChartVisit } from '../core/report/chart-visits.ts';
import { offHours } from '../core/report/off-hours.ts';
import type { ReportContent, Row, Section } from '../core/report/report.ts';
import type { ReportSources } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { chartRequests } from './chart-requests.ts';
import type { ChartRequests } from './chart-requests.ts';
import { column } from './column.ts';
import { patientCopy } from './patient-copy.ts';
import type { ReportKind } from './report-kind.ts';

export const patientReport: ReportKind = {
  name: 'patient',
  title: 'Who opened this chart',
  says: "who opened one patient's chart: --patient ID; --for-patient for a copy to hand over",
  citations: ['45 CFR 164.312(b)', '45 CFR 164.308(a)(1)(ii)(D)', '45 CFR 170.315(d)(3)'],
  wants: 'patient',
  handedOut: true,
  build: async (asks, sources) => {
    const chart = await chartRequests(asks, sources);
    return asks.forPatient ? patientCopy(chart, sources.clinic.language) : content(chart, sources);
  },
};

const limits = [
  'A page that lists several patients names none of them in its record, so a name read in a list is not here.',
  'The person is whoever was signed in; who sat before the screen is not recorded.',
];

function content(chart: ChartRequests, { clinic }: ReportSources): ReportContent {
  const visits = chartVisits(chart.requests);
  const isOff = offHours(clinic.hours, clinic.timezone);
  const opened = visits.filter(({ isRefused }) => !isRefused);
  return {
    about: [{ title: 'Patient', type: 'patient', value: chart.patient }],
    figures: [
      { key: 'visits', title: 'Visits to the chart', type: 'number', value: opened.length, note: visitNote },
      { key: 'people', title: 'People', type: 'number', value: peopleIn(opened), note: null },
      { key: 'refused', title: 'Refused', type: 'number', value: visits.length - opened.length, note: null },
      {
        key: 'emergency',
        title: 'Visits with an emergency access',
        type: 'number',
        value: visits.filter(({ grants }) => grants.length > 0).length,
        note: null,
      },
      { key: 'requests', title: 'Requests', type: 'number', value: chart.total, note: null },
    ],
    sections: [visitSection(visits, chart, isOff), requestSection(chart)],
    limits,
    blanks: [],
  };
}

const visitNote = 'Requests of one person that follow each other within half an hour are one visit.';

function visitSection(visits: readonly ChartVisit[], chart: ChartRequests, isOff: ((time: number) => boolean) | null): Section {
  return {
    key: 'visits',
    title: 'Visits',
    notes: isOff === null ? ['clinic.hours is not configured, so nothing can be said about opening hours.'] : [],
    columns: [
      column('record', 'Record', 'record'),
      column('from', 'From', 'time'),
      column('until', 'To', 'time'),
      column('person', 'Person', 'person'),
      column('roles', 'Roles'),
      column('device', 'Device'),
      column('address', 'Address', 'code'),
      column('actions', 'Action'),
      column('categories', 'Category'),
      column('requests', 'Requests', 'number'),
      column('emergency', 'Emergency reason'),
      column('outcome', 'Outcome'),
      column('offHours', 'Off-hours', 'yes-no'),
    ],
    rows: visits.map((visit) => visitRow(visit, chart, isOff)),
    total: chart.total === null ? null : visits.length,
  };
}

function visitRow(visit: ChartVisit, { reasons }: ChartRequests, isOff: ((time: number) => boolean) | null): Row {
  const { record, from, until, person, roles, device, addresses, actions, categories, requests, grants } = visit;
  return {
    record,
    from,
    until,
    person,
    roles,
    device,
    address: listed(addresses),
    actions: listed(actions),
    categories: listed(categories),
    requests,
    emergency: listed(grants.map((grant) => reasons.get(grant) ?? 'reason not found')),
    outcome: visit.isRefused ? `refused${visit.refusal === null ? '' : `: ${visit.refusal}`}` : 'opened',
    offHours: isOff === null ? null : isOff(from),
  };
}

function requestSection({ requests, total }: ChartRequests): Section {
  return {
    key: 'requests',
    title: 'Requests',
    notes: [],
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'Time', 'time'),
      column('person', 'Person', 'person'),
      column('address', 'Address', 'code'),
      column('method', 'Method'),
      column('target', 'Page', 'code'),
      column('action', 'Action'),
      column('category', 'Category'),
      column('rule', 'Rule'),
      column('outcome', 'Outcome'),
      column('bytes', 'Bytes', 'bytes'),
      column('request', 'Request', 'code'),
    ],
    rows: requests.map(requestRow),
    total,
  };
}

function requestRow(found: FoundRequest): Row {
  const { sequence, time, person, address, method, target, action, category, rule, bytesOut, request } = found;
  return {
    record: sequence,
    time,
    person,
    address,
    method,
    target,
    action,
    category,
    rule,
    outcome: outcomeText(found),
    bytes: bytesOut,
    request,
  };
}

function outcomeText({ event, decision, reason, status }: FoundRequest): string {
  if (event === 'attempt') return 'no outcome on record';
  return [decision, reason, status].filter((word) => word !== null).join(' ');
}

function peopleIn(visits: readonly ChartVisit[]): number {
  return new Set(visits.flatMap(({ person }) => person ?? [])).size;
}

function listed(all: readonly string[]): string | null {
  return all.length === 0 ? null : all.join(', ');
}
