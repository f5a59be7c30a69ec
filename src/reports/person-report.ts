// What one person did: their sessions, whose charts they opened and whether for the first time, what they changed, took away and
// were refused.

import { offHours } from '../core/report/off-hours.ts';
import type { Figure, ReportContent, Section } from '../core/report/report.ts';
import { isWrite, sessionSpans } from '../core/report/session-spans.ts';
import type { SessionSpan } from '../core/report/session-spans.ts';
import type { ReportAsks, ReportSources, TallyRow } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { column } from './column.ts';
import { listedRequests } from './listed-requests.ts';
import type { ListedRequests } from './listed-requests.ts';
import type { ReportKind } from './report-kind.ts';

export const personReport: ReportKind = {
  name: 'person',
  title: 'What this person did',
  says: 'sessions, charts, changes and refusals of one person: --person NAME',
  citations: ['45 CFR 164.308(a)(1)(ii)(D)', '45 CFR 164.312(b)', '45 CFR 164.312(d)'],
  wants: 'person',
  build,
};

type IsOff = ((time: number) => boolean) | null;

async function build({ period, person }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const { clinic, records } = sources;
  const query = { person: person ?? '', since: period.since, until: period.until } as const;
  const listed = await listedRequests(sources, query);
  const isOff = offHours(clinic.hours, clinic.timezone);
  const charts = await records.tally({ ...query, ended: true, named: true }, ['patient', 'event', 'decision', 'action']);
  const spans = sessionSpans(listed.requests);
  return {
    about: [{ title: 'Person', type: 'person', value: person }],
    figures: figuresOf(listed, spans, isOff),
    sections: [
      sessionSection(spans, listed, isOff),
      await chartSection(person ?? '', charts.rows, period.since, sources),
      requestSection('writes', 'What they changed', listed, isWrite),
      requestSection('refusals', 'What they were refused', listed, isRefused),
    ],
    limits: [
      'The name is the one they sign in with; whoever else knew their password and had their second factor stands here as them.',
    ],
    blanks: [],
  };
}

function isRefused({ decision, event }: FoundRequest): boolean {
  return decision === 'refused' && (event === 'refusal' || event === 'outcome');
}

function figuresOf({ requests, total }: ListedRequests, spans: readonly SessionSpan[], isOff: IsOff): Figure[] {
  const number = (key: string, title: string, value: number | null, note: string | null = null): Figure => ({
    key,
    title,
    type: 'number',
    value,
    note,
  });
  const done = requests.filter(({ event, decision }) => event === 'outcome' && decision !== 'refused');
  const off = isOff === null ? null : done.filter(({ time }) => isOff(time)).length;
  const noHours = isOff === null ? 'clinic.hours is not configured.' : null;
  return [
    number(
      'records',
      'Records',
      total,
      total === null ? 'There are more than this report can list; it is about the newest.' : null,
    ),
    number('sessions', 'Sessions', spans.length),
    number('requests', 'Requests that passed', done.length),
    number('offHours', 'Of these, outside opening hours', off, noHours),
    number('writes', 'Changes', requests.filter(isWrite).length),
    number('refusals', 'Refusals', requests.filter(isRefused).length),
    number('emergencies', 'Emergency accesses', requests.filter(({ event }) => event === 'break-glass').length),
  ];
}

function sessionSection(spans: readonly SessionSpan[], { total }: ListedRequests, isOff: IsOff): Section {
  return {
    key: 'sessions',
    title: 'Sessions',
    notes: ['A session that began before the period, or goes on after it, is shown by its part within.'],
    columns: [
      column('record', 'First record', 'record'),
      column('from', 'From', 'time'),
      column('until', 'To', 'time'),
      column('length', 'Length', 'duration'),
      column('end', 'Ended'),
      column('device', 'Device'),
      column('addresses', 'Addresses', 'code'),
      column('factor', 'Second factor'),
      column('requests', 'Requests', 'number'),
      column('patients', 'Patients', 'number'),
      column('writes', 'Changes', 'number'),
      column('refused', 'Refused', 'number'),
      column('offHours', 'Off-hours', 'yes-no'),
    ],
    rows: spans.map(({ session: _session, addresses, ...span }) => ({
      ...span,
      length: span.until - span.from,
      addresses: addresses.join(', '),
      offHours: isOff === null ? null : isOff(span.from) || isOff(span.until),
    })),
    total: total === null ? null : spans.length,
  };
}

async function chartSection(
  person: string,
  counted: readonly TallyRow[],
  since: number,
  { records, mostRows }: ReportSources,
): Promise<Section> {
  const patients = [...Map.groupBy(counted, ({ keys: [patient] }) => String(patient))].slice(0, mostRows);
  const firsts = await records.firsts(patients.map(([patient]) => ({ person, patient })));
  return {
    key: 'charts',
    title: 'Whose charts they opened',
    notes: ['"First ever" means that no older record shows this person with this patient.'],
    columns: [
      column('patient', 'Patient', 'patient'),
      column('first', 'First record', 'record'),
      column('from', 'From', 'time'),
      column('until', 'To', 'time'),
      column('requests', 'Requests', 'number'),
      column('changes', 'Changes', 'number'),
      column('refused', 'Refused', 'number'),
      column('firstEver', 'First ever', 'yes-no'),
    ],
    rows: patients.map(([patient, groups], at) => {
      const asked = groups.filter(({ keys: [, event] }) => event === 'outcome' || event === 'refusal');
      const count = (of: (group: TallyRow) => boolean): number => asked.filter(of).reduce((sum, group) => sum + group.count, 0);
      return {
        patient,
        first: Math.min(...groups.map(({ first }) => first)),
        from: Math.min(...groups.map((group) => group.since)),
        until: Math.max(...groups.map((group) => group.until)),
        requests: count(() => true),
        changes: count(isChange),
        refused: count(({ keys: [, , decision] }) => decision === 'refused'),
        firstEver: (firsts[at] ?? since) >= since,
      };
    }),
    total: patients.length,
  };
}

function isChange({ keys: [, event, decision, action] }: TallyRow): boolean {
  const asked = { event: String(event), action: String(action), decision: decision === null ? null : String(decision) };
  return isWrite(asked);
}

function requestSection(key: string, title: string, all: ListedRequests, fits: (found: FoundRequest) => boolean): Section {
  const rows = all.requests.filter(fits);
  return {
    key,
    title,
    notes: [],
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'Time', 'time'),
      column('patient', 'Patient', 'patient'),
      column('method', 'Method'),
      column('target', 'Page', 'code'),
      column('category', 'Category'),
      column('action', 'Action'),
      column('rule', 'Rule'),
      column('reason', 'Reason', 'code'),
      column('address', 'Address', 'code'),
    ],
    rows: rows.map(({ sequence, time, patient, method, target, category, action, rule, reason, address }) => ({
      record: sequence,
      time,
      patient,
      method,
      target,
      category,
      action,
      rule,
      reason,
      address,
    })),
    total: all.total === null ? null : rows.length,
  };
}
