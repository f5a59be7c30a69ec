// Who has acknowledged the clinic's texts, in which version, and who has not (45 CFR 164.308(a)(5)(i), 164.530(b) and (e)).

import type { ClinicText } from '../core/acknowledgement/clinic-text.ts';
import { acknowledgements } from '../core/report/acknowledgements.ts';
import type { AcknowledgementRow } from '../core/report/acknowledgements.ts';
import type { ReportContent, Section } from '../core/report/report.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import { column } from './column.ts';
import { listedEvents } from './listed-events.ts';
import type { ReportKind } from './report-kind.ts';

export const acknowledgementsReport: ReportKind = {
  name: 'acknowledgements',
  title: 'Acknowledged policies and trainings',
  says: 'who has acknowledged which text in which version, and who has not',
  citations: ['45 CFR 164.308(a)(5)(i)', '45 CFR 164.530(b), (e)'],
  wants: null,
  build,
};

async function build({ period: { until } }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const told = await listedEvents(sources, { until }, ['acknowledged', 'acknowledgement-postponed']);
  const people = await present(sources, until);
  const { acknowledge } = sources.setup;
  const rows = acknowledgements({
    texts: acknowledge,
    people: people.rows,
    told: told.requests,
    now: Math.min(until, sources.now),
  });
  const count = (of: (row: AcknowledgementRow) => boolean): number => rows.filter(of).length;
  return {
    about: [],
    figures: [
      { key: 'texts', title: 'Texts in force', type: 'number', value: acknowledge.length, note: null },
      { key: 'acknowledged', title: 'Acknowledged', type: 'number', value: count(is), note: null },
      { key: 'open', title: 'Not acknowledged', type: 'number', value: count((row) => !is(row)), note: null },
    ],
    sections: [textSection(acknowledge), peopleSection(rows, people.isCut || told.total === null)],
    limits: [
      'The texts are those of the configuration of now; what people acknowledged of others stands in the record.',
      'Whoever never signed in here is not known, and has nothing of the EHR open.',
      'A tick and a button show that somebody said they read it; nothing shows that they did.',
    ],
    blanks: [],
  };
}

function is({ standing }: AcknowledgementRow): boolean {
  return standing === 'acknowledged';
}

function textSection(texts: readonly ClinicText[]): Section {
  return {
    key: 'texts',
    title: 'Texts',
    notes: ['The hash is that of the file whose words people read; sha256sum tells it.'],
    columns: [column('title', 'Text'), column('version', 'Version'), column('roles', 'Roles'), column('hash', 'SHA-256')],
    rows: texts.map(({ title, version, roles, hash }) => ({ title, version, roles: roles?.join(', ') ?? 'everybody', hash })),
    total: texts.length,
  };
}

/** Those first who have not. */
function peopleSection(rows: readonly AcknowledgementRow[], isCut: boolean): Section {
  return {
    key: 'people',
    title: 'People',
    notes: [],
    columns: [
      column('record', 'Record', 'record'),
      column('person', 'Person', 'person'),
      column('roles', 'Roles last seen'),
      column('text', 'Text'),
      column('version', 'Version in force'),
      column('standing', 'Standing'),
      column('read', 'Version acknowledged'),
      column('at', 'When', 'time'),
      column('postponed', 'Put off', 'number'),
    ],
    rows: rows.toSorted((a, b) => Number(is(a)) - Number(is(b))),
    total: isCut ? null : rows.length,
  };
}

/** Everybody who ever signed in and has not left, with the roles of their last sign-in. */
async function present(sources: ReportSources, until: number) {
  const ever = await sources.records.tally({ until, event: 'sign-in' }, ['person', 'roles']);
  const gone = await listedEvents(sources, { until }, ['offboarded', 'readmitted']);
  const left = new Set<string>();
  for (const { event, person } of gone.requests) {
    if (event === 'offboarded') left.add(person ?? '');
    else left.delete(person ?? '');
  }
  const newest = new Map<string, { readonly until: number; readonly roles: readonly string[] }>();
  for (const { keys, until: at } of ever.rows) {
    const [person, roles] = keys.map((key) => (typeof key === 'string' ? key : ''));
    if (person === undefined || person === '' || left.has(person) || (newest.get(person)?.until ?? 0) > at) continue;
    newest.set(person, { until: at, roles: (roles ?? '').split(', ') });
  }
  const rows = [...newest].map(([person, { roles }]) => ({ person, roles }));
  return { rows: rows.toSorted((a, b) => (a.person < b.person ? -1 : 1)), isCut: ever.isCut };
}
