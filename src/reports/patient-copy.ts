// The list that a patient is handed: who opened their chart, in plain words and in the clinic's language, without addresses,
// numbers of requests and the names of our parts.

import { chartVisits } from '../core/report/chart-visits.ts';
import type { ChartVisit } from '../core/report/chart-visits.ts';
import type { Language } from '../core/language/language.ts';
import type { ReportContent, Row } from '../core/report/report.ts';
import type { ChartRequests } from './chart-requests.ts';
import { column } from './column.ts';
import { patientCopyWords } from './patient-copy-words.ts';
import type { PatientCopyWords } from './patient-copy-words.ts';

const machine = 'machine ';

export function patientCopy(chart: ChartRequests, language: Language): ReportContent & { readonly title: string } {
  const words = patientCopyWords[language];
  const visits = chartVisits(chart.requests);
  const opened = visits.filter(({ isRefused }) => !isRefused);
  const people = new Set(opened.flatMap(({ person }) => person ?? [])).size;
  return {
    title: words.title,
    about: [{ title: words.patient, type: 'patient', value: chart.patient }],
    figures: [
      { key: 'visits', title: words.visits, type: 'number', value: opened.length, note: null },
      { key: 'people', title: words.people, type: 'number', value: people, note: null },
      { key: 'refused', title: words.refused, type: 'number', value: visits.length - opened.length, note: null },
    ],
    sections: [
      {
        key: 'visits',
        title: words.table,
        notes: [words.about],
        columns: [
          column('from', words.from, 'time'),
          column('until', words.until, 'time'),
          column('person', words.person, 'person'),
          column('roles', words.roles),
          column('deeds', words.deeds),
          column('categories', words.categories),
          column('emergency', words.emergency),
          column('outcome', words.outcome),
          column('record', words.record, 'record'),
        ],
        rows: visits.map((visit) => rowOf(visit, chart, words)),
        // A list that was cut must not be handed out as whole.
        total: chart.total === null ? null : visits.length,
      },
    ],
    limits: [words.limit],
    blanks: [],
  };
}

function rowOf(visit: ChartVisit, { reasons }: ChartRequests, words: PatientCopyWords): Row {
  const { record, from, until, person, roles, actions, categories, grants, isRefused } = visit;
  const given = grants.map((grant) => reasons.get(grant) ?? words.noReason);
  return {
    record,
    from,
    until,
    person: person?.startsWith(machine) === true ? words.machine.replace('{name}', person.slice(machine.length)) : person,
    roles,
    deeds: isRefused ? null : listed(actions.map((action) => deed(action, words))),
    categories: listed(categories),
    emergency: listed(given),
    outcome: isRefused ? words.keptFrom : words.opened,
  };
}

function deed(action: string, words: PatientCopyWords): string {
  if (action === 'create' || action === 'update' || action === 'delete' || action === 'execute') return words[action];
  return words.read;
}

function listed(all: readonly string[]): string | null {
  return all.length === 0 ? null : all.join(', ');
}
