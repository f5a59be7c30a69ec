// The register of people and their access: who ever signed in, with which roles last, and what they did in the period.

import { peopleSeen } from '../core/report/people-seen.ts';
import type { ReportContent } from '../core/report/report.ts';
import type { ReportAsks, ReportSources, Tally } from '../report-ports.ts';
import { column } from './column.ts';
import { listedEvents } from './listed-events.ts';
import type { ReportKind } from './report-kind.ts';

export const peopleReport: ReportKind = {
  name: 'people',
  title: 'People and their access',
  says: 'everybody on record: roles last seen, first and last sign-in, sign-ins and accesses of the period',
  citations: ['45 CFR 164.312(a)(2)(i)', '45 CFR 164.308(a)(4)(ii)(C)'],
  wants: null,
  build,
};

async function build({ period: { since, until } }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const { records, setup } = sources;
  const ever = await records.tally({ until, event: 'sign-in' }, ['person', 'roles']);
  const signIns = await records.tally({ since, until, event: 'sign-in' }, ['person']);
  const accesses = await records.tally({ since, until, ended: true, event: 'outcome' }, ['person']);
  const gone = await listedEvents(sources, { until }, ['offboarded', 'readmitted']);
  const left = new Map<string, number>();
  for (const { event, person, time } of gone.requests) {
    if (event === 'offboarded') left.set(person ?? '', time);
    else left.delete(person ?? '');
  }
  const rows = peopleSeen({
    ever: ever.rows.map(({ keys: [person, roles], ...rest }) => ({ ...rest, person: textOf(person), roles: textOf(roles) })),
    signIns: countsOf(signIns),
    accesses: countsOf(accesses),
    left,
    since,
  });
  const count = (of: (row: (typeof rows)[number]) => boolean): number => rows.filter(of).length;
  const roles = [...setup.policy.roles.keys()].map((role) => ({ role, people: count((one) => one.left === null && (one.roles ?? '').split(', ').includes(role)), rules: setup.policy.rules.filter(({ allow }) => allow !== 'everyone' && allow.includes(role)).length })); // prettier-ignore
  return {
    about: [],
    figures: [
      { key: 'people', title: 'People on record', type: 'number', value: rows.length, note: null },
      {
        key: 'active',
        title: 'Of them in the period',
        type: 'number',
        value: count(({ signIns: times }) => times > 0),
        note: null,
      },
      { key: 'new', title: 'New', type: 'number', value: count(({ isNew }) => isNew), note: null },
      { key: 'left', title: 'Left', type: 'number', value: count((one) => one.left !== null), note: null },
    ],
    sections: [
      {
        key: 'people',
        title: 'People',
        notes: [],
        columns: [
          column('record', 'Last sign-in, record', 'record'),
          column('person', 'Person', 'person'),
          column('roles', 'Roles last seen'),
          column('firstSignIn', 'First sign-in', 'time'),
          column('lastSignIn', 'Last sign-in', 'time'),
          column('signIns', 'Sign-ins in the period', 'number'),
          column('accesses', 'Accesses in the period', 'number'),
          column('isNew', 'New in the period', 'yes-no'),
          column('left', 'Left', 'time'),
        ],
        rows,
        total: ever.isCut ? null : rows.length,
      },
      {
        key: 'roles',
        title: 'Roles',
        notes: ['Rules are those of now that name the role; what is open to everyone is not counted.'],
        columns: [column('role', 'Role'), column('people', 'People', 'number'), column('rules', 'Rules', 'number')],
        rows: roles,
        total: roles.length,
      },
    ],
    limits: [
      'Whoever has an account at the sign-in service and never came here is not known.',
      'A person is told by their login name; two who had the same one after each other stand in one row.',
      'Roles are those of the last sign-in; what the sign-in service gave or took since then shows at the next.',
    ],
    blanks: [],
  };
}

function countsOf({ rows }: Tally): ReadonlyMap<string, number> {
  return new Map(rows.map(({ keys: [person], count }) => [String(person), count]));
}

function textOf(value: string | number | null | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
