// The page of records: one row a request or event, newest first, in the clinic's time.

import type { ClinicSettings } from '../config/settings.ts';
import type { FoundRecords, RecordFilter, ShownRecord } from '../ports.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';

export interface RecordsPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'>;
  /** What is wrong with the gateway itself. */
  readonly notices: readonly string[];
  readonly filter: RecordFilter;
  readonly found: FoundRecords;
  readonly most: number;
}

export function recordsPage({ clinic, notices, filter, found, most }: RecordsPageParts): string {
  const { records, searchedBackTo } = found;
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'medium' });
  const body = html`
    ${notices.map((notice) => html`<p class="notice bad" role="alert">${notice}.</p>`)}
    <p>Every request to the EHR and every sign-in is on record. These are the newest of the last seven days, at most ${most}.</p>
    ${filterForm(filter)}
    ${searchedBackTo !== null && html`<p class="notice">Searched back to ${time.format(searchedBackTo)}: what is older was not looked at.</p>`}
    ${records.length === 0 && html`<p class="notice">No record fits.</p>`}
    ${records.length > 0 && html`<div class="scroll" tabindex="0" role="region" aria-label="Records">${table(records, time)}</div>`}
  `;
  return layout({ title: 'Who opened what', clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function filterForm(filter: RecordFilter): Markup {
  const choice = (value: string, label: string): Markup =>
    (filter.only ?? '') === value
      ? html`<option value="${value}" selected>${label}</option>`
      : html`<option value="${value}">${label}</option>`;
  return html`<form method="get" action="/.wardgate/console" class="row">
    <div>
      <label for="person">Person</label><input id="person" name="person" value="${filter.person ?? ''}" autocomplete="off" />
    </div>
    <div>
      <label for="patient">Patient</label><input id="patient" name="patient" value="${filter.patient ?? ''}" autocomplete="off" />
    </div>
    <div>
      <label for="show">Show</label>
      <select id="show" name="show">
        ${choice('', 'everything')} ${choice('refused', 'what was refused')} ${choice('observed', 'what would be refused')}
        ${choice('review', 'what wants a review')}
      </select>
    </div>
    <button type="submit">Show</button>
  </form>`;
}

function table(records: readonly ShownRecord[], time: Intl.DateTimeFormat): Markup {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Time</th>
        <th scope="col">Person</th>
        <th scope="col">What</th>
        <th scope="col">Patient</th>
        <th scope="col">Rule</th>
        <th scope="col">Result</th>
      </tr>
    </thead>
    <tbody>
      ${records.map(
        (record) =>
          html`<tr class="${record.decision === 'refused' || record.decision === 'observed' ? record.decision : ''}">
            <td>${time.format(record.time)}</td>
            <td>${record.person ?? record.address ?? '–'}</td>
            <td>
              ${record.event === 'outcome' || record.event === 'refusal' ? html`${record.method} <code>${record.target}</code>` : record.event.replaceAll('-', ' ')}
            </td>
            <td>${record.patient ?? '–'}</td>
            <td>${record.rule ?? '–'}</td>
            <td>${result(record)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function result(record: ShownRecord): string {
  // Passed because the rules are only observed; its reason is the one for which they would refuse.
  const decision = record.decision === 'observed' ? 'would be refused' : record.decision;
  const words = [decision, record.reason, record.detail].filter((word) => word !== null);
  return words.length === 0 ? '–' : words.join(': ');
}
