// The page of records: one row a request or event, newest first, in the clinic's time.

import type { ClinicSettings } from '../config/settings.ts';
import type { Explanation } from '../core/relations/explanation.ts';
import { showPatients } from '../core/patients/show-patients.ts';
import type { ShownPatient } from '../patient-ports.ts';
import type { FoundPage, FoundRequest } from '../search-ports.ts';
import { html } from '../pages/html.ts';
import type { Child, Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import type { FoundPatient } from '../directory-ports.ts';
import { consoleTable } from './console-table.ts';
import { patientCell, whoseRecords } from './patient-parts.ts';
import { recordAddress } from './record-query.ts';
import type { RecordForm } from './record-query.ts';

export interface RecordsPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  /** What is wrong with the gateway itself. */
  readonly notices: readonly string[];
  readonly form: RecordForm;
  /** Whom the patient of the form means; null where nobody was named. */
  readonly whose: FoundPatient | null;
  readonly found: FoundPage;
  /** Who stands behind the tokens in it, as far as that is known. */
  readonly known: ReadonlyMap<string, ShownPatient>;
  /** Of openings of charts, by the number of their record; empty where nothing was imported that explains. */
  readonly explanations: ReadonlyMap<number, Explanation>;
}

export function recordsPage({ clinic, notices, form, whose, found, known, explanations }: RecordsPageParts): string {
  const { requests, next } = found;
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'medium' });
  const body = html`
    ${notices.map((notice) => html`<p class="notice bad" role="alert">${notice}.</p>`)}
    <p>
      Every request to the EHR and every sign-in is on record. This is what fits, the newest first; looking here is on record too.
      Alerts about yourself, and what others do about them, are not among it.
    </p>
    ${searchForm(form)} ${whose !== null && whoseRecords(form, whose)}
    ${whose?.found !== 'several' && requests.length === 0 && html`<p class="notice">No record fits.</p>`}
    ${requests.length > 0 && table(requests, known, explanations, time)}
    <p class="ways">
      ${next !== null && html`<a class="button" href="${recordAddress(form, next)}">Older</a>`}
      ${form.before !== null && html`<a class="button plain" href="${recordAddress(form, null)}">Newest</a>`}
      ${form.patient !== '' && whose?.found !== 'several' && html`<a class="button plain" href="${accessesFile(form)}">Who opened this chart, as a table (CSV)</a>`}
    </p>
  `;
  return layout({ title: 'Who opened what', clinic: { ...clinic, language: 'en' }, body, wide: true });
}

/** The report of the same patient; that it was made is on record. */
function accessesFile({ patient }: RecordForm): string {
  return `/.wardgate/console/reports/patient?${new URLSearchParams({ patient, as: 'csv' }).toString()}`;
}

function searchForm(form: RecordForm): Markup {
  const field = (name: 'person' | 'patient' | 'text' | 'request', label: string): Markup =>
    html`<div>
      <label for="${name}">${label}</label><input id="${name}" name="${name}" value="${form[name]}" autocomplete="off" />
    </div>`;
  const choice = (value: string, label: string, chosen: string): Markup =>
    value === chosen
      ? html`<option value="${value}" selected>${label}</option>`
      : html`<option value="${value}">${label}</option>`;
  const { show } = form;
  const days = String(form.days ?? 'all');
  return html`<form method="get" action="/.wardgate/console" class="row">
    ${field('person', 'Person')} ${field('patient', 'Patient (id or name)')} ${field('text', 'Address contains')}
    ${field('request', 'Request')}
    <div>
      <label for="show">Show</label>
      <select id="show" name="show">
        ${choice('', 'everything', show)} ${choice('alerts', 'alerts', show)} ${choice('refused', 'what was refused', show)}
        ${choice('observed', 'what would be refused', show)} ${choice('review', 'what wants a review', show)}
        ${choice('asked', 'what people asked for', show)}
      </select>
    </div>
    <div>
      <label for="days">Of</label>
      <select id="days" name="days">
        ${choice('7', 'the last 7 days', days)} ${choice('30', 'the last 30 days', days)} ${choice('365', 'the last year', days)}
        ${choice('all', 'all of the record', days)}
      </select>
    </div>
    <button type="submit">Show</button>
  </form>`;
}

function table(
  requests: readonly FoundRequest[],
  known: ReadonlyMap<string, ShownPatient>,
  explanations: RecordsPageParts['explanations'],
  time: Intl.DateTimeFormat,
): Markup {
  const explains = explanations.size > 0;
  return consoleTable(
    'Records',
    ['Time', 'Person', 'What', 'Patient', 'Role', 'Kind', 'Rule', 'Result', ...(explains ? ['Explanation'] : [])],
    requests.map((recorded) => {
      const record = showPatients(recorded, known);
      return {
        className: record.decision === 'refused' || record.decision === 'observed' ? record.decision : '',
        cells: [
          time.format(record.time),
          record.person ?? record.address ?? '–',
          html`<span class="long">${what(record)}</span>`,
          patientCell(recorded.patient, known),
          record.roles ?? '–',
          [record.category, record.action].filter((word) => word !== null).join(', ') || '–',
          record.rule ?? '–',
          html`<span class="long">${result(record)}</span>`,
          ...(explains ? [explanationOf(explanations.get(recorded.sequence))] : []),
        ],
      };
    }),
  );
}

function explanationOf(explanation: Explanation | undefined): Child {
  return explanation !== undefined && html`<strong>${explanation.state}</strong>: ${explanation.words}`;
}

/** Whoever was refused and asks for it has the page in their record as well. */
function what({ event, method, target }: FoundRequest): Child {
  const page = target !== null && html`${method} <code>${target}</code>`;
  if (event === 'outcome' || event === 'refusal') return page;
  return event === 'access-asked' ? html`access asked: ${page}` : event.replaceAll('-', ' ');
}

function result(record: FoundRequest): string {
  // Passed because the rules are only observed; its reason is the one for which they would refuse.
  const decision = record.decision === 'observed' ? 'would be refused' : record.decision;
  const words = [decision, record.reason, record.detail].filter((word) => word !== null);
  return words.length === 0 ? '–' : words.join(': ');
}
