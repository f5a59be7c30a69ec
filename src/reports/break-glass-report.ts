// Emergency accesses (break-glass): who may open them, each that was opened with what was done under it, and sign-ins without the
// identity provider.

import type { ReportContent, Row, Section } from '../core/report/report.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { column } from './column.ts';
import { listedEvents } from './listed-events.ts';
import { listedRequests } from './listed-requests.ts';
import { lookAtEmergency } from './look-at-emergency.ts';
import type { LookedAt } from './look-at-emergency.ts';
import type { ReportKind } from './report-kind.ts';

export const breakGlassReport: ReportKind = {
  name: 'break-glass',
  title: 'Emergency accesses',
  says: 'each emergency access with its reason, patients, pages and what followed; who may open one',
  citations: ['45 CFR 164.312(a)(2)(ii)', '45 CFR 170.315(d)(6)'],
  wants: null,
  build,
};

/** Emergencies whose surroundings are looked at; beyond that an officer has other questions. */
const mostLookedAt = 500;

async function build({ period: { since, until } }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const listed = await listedRequests(sources, { since, until, event: 'break-glass' });
  const looked = listed.requests.slice(-mostLookedAt);
  const opened: LookedAt[] = [];
  for (const one of looked) opened.push(await lookAtEmergency(one, sources));
  const isCut = listed.total === null || looked.length < listed.requests.length;
  const accesses = opened.map(({ access }) => access);
  const pages = opened.flatMap((one) => one.pages.map((page) => pageRow(page, one.access.record)));
  const signIns = await listedEvents(sources, { since, until }, ['emergency-sign-in', 'emergency-sign-in-failed', 'emergency-code']); // prettier-ignore
  return {
    about: [],
    figures: [
      { key: 'opened', title: 'Emergency accesses', type: 'number', value: accesses.length, note: null },
      { key: 'people', title: 'People', type: 'number', value: new Set(accesses.map(({ person }) => person)).size, note: null },
      { key: 'patients', title: 'Patients opened under them', type: 'number', value: new Set(pages.flatMap(({ patient }) => patient ?? [])).size, note: null },
      { key: 'pages', title: 'Pages opened under them', type: 'number', value: pages.length, note: null },
      { key: 'signIns', title: 'Sign-ins without the identity provider', type: 'number', value: signIns.requests.filter(({ event }) => event === 'emergency-sign-in').length, note: null },
    ], // prettier-ignore
    sections: [
      accessSection(accesses, isCut ? null : accesses.length),
      pageSection(pages, isCut ? null : pages.length),
      await eligibleSection(until, sources),
      signInSection(signIns.requests, signIns.total),
    ],
    limits: [
      'While an emergency access is open, pages that the rules would have allowed anyway are counted under it as well.',
      'What followed is looked for within seven days, and what was before within thirty; appointments and orders in the EHR are not seen here.',
      'Who may open one is by the rules of now; who has the role, by the roles that people signed in with last.',
    ],
    blanks: [{ title: 'Judged (justified, not justified, to be asked), by whom and when', lines: 6 }],
  };
}

function pageRow(
  { sequence, outcome, time, person, patient, category, action, method, target, decision, status }: FoundRequest,
  access: number,
) {
  const page = target === null ? null : `${method ?? 'GET'} ${target}`;
  return { record: outcome ?? sequence, access, time, person, patient, category, action, page, decision, status };
}

function accessSection(rows: Section['rows'], total: number | null): Section {
  return {
    key: 'accesses',
    title: 'Emergency accesses',
    notes: ['An access that was open when the period began stands in the report of the period in which it was opened.'],
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'Opened', 'time'),
      column('person', 'Person', 'person'),
      column('address', 'Address', 'code'),
      column('because', 'Reason in their words'),
      column('minutes', 'Open, minutes', 'number'),
      column('patient', 'First patient', 'patient'),
      column('patients', 'Patients', 'number'),
      column('pages', 'Pages', 'number'),
      column('writes', 'Of them written', 'number'),
      column('downloads', 'Downloads', 'number'),
      column('before', 'Same patients before', 'number'),
      column('after', 'Same patients afterwards', 'number'),
      column('evidence', 'What speaks for it'),
    ],
    rows,
    total,
  };
}

function pageSection(rows: Section['rows'], total: number | null): Section {
  return {
    key: 'pages',
    title: 'Pages opened under them',
    notes: [],
    columns: [
      column('record', 'Record', 'record'),
      column('access', 'Emergency access', 'record'),
      column('time', 'Time', 'time'),
      column('person', 'Person', 'person'),
      column('patient', 'Patient', 'patient'),
      column('category', 'Category'),
      column('action', 'Action'),
      column('page', 'Page', 'code'),
      column('decision', 'Decision'),
      column('status', 'Status', 'number'),
    ],
    rows,
    total,
  };
}

/** By role from the rules, each with the people who signed in with it last; and the people named for the way in without the provider. */
async function eligibleSection(until: number, { records, setup }: ReportSources): Promise<Section> {
  const { rows, isCut } = await records.tally({ until, event: 'sign-in' }, ['person', 'roles']);
  const newest = new Map<string, { readonly roles: readonly string[]; readonly until: number }>();
  for (const { keys: [person, roles], until: seen } of rows) {
    const known = newest.get(String(person));
    if (typeof person === 'string' && (known === undefined || known.until < seen))
      newest.set(person, { roles: String(roles ?? '').split(', '), until: seen });
  } // prettier-ignore
  const byRole: Row[] = setup.policy.rules.flatMap(({ name, emergencyRoles }) =>
    emergencyRoles.flatMap((role): Row[] => {
      const people = [...newest].filter(([, { roles }]) => roles.includes(role));
      if (people.length === 0) return [{ way: 'rule', rule: name, role, person: null, lastSignIn: null }];
      return people.map(([person, { until: last }]) => ({ way: 'rule', rule: name, role, person, lastSignIn: last }));
    }),
  );
  const named = (setup.emergency?.people ?? []).map((person) => ({
    way: 'without the identity provider',
    rule: null,
    role: setup.emergency?.roles?.join(', ') ?? 'the roles they had last',
    person,
    lastSignIn: newest.get(person)?.until ?? null,
  }));
  const all = [...byRole, ...named];
  return {
    key: 'eligible',
    title: 'Who may open one',
    notes: ['A role without a person is one that nobody on record signed in with.'],
    columns: [
      column('way', 'Way'),
      column('rule', 'Rule'),
      column('role', 'Role'),
      column('person', 'Person', 'person'),
      column('lastSignIn', 'Last sign-in', 'time'),
    ],
    rows: all,
    total: isCut ? null : all.length,
  };
}

function signInSection(requests: readonly FoundRequest[], total: number | null): Section {
  return {
    key: 'sign-ins',
    title: 'Sign-ins without the identity provider',
    notes: [],
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'Time', 'time'),
      column('person', 'Person', 'person'),
      column('address', 'Address', 'code'),
      column('what', 'What'),
      column('detail', 'As recorded'),
    ],
    rows: requests.map(({ sequence, time, person, address, event, detail }) => ({
      record: sequence,
      time,
      person,
      address,
      what: { 'emergency-sign-in': 'came in', 'emergency-code': 'code accepted' }[event] ?? 'refused',
      detail,
    })),
    total,
  };
}
