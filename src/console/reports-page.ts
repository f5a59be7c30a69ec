// The pages of reports in the console: which kinds there are, and one of them with the form it was asked by.

import type { ClinicSettings } from '../config/settings.ts';
import type { Report } from '../core/report/report.ts';
import { html } from '../pages/html.ts';
import type { Child, Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { reportBody } from '../pages/report/report-body.ts';
import type { ReportKind } from '../reports/report-kind.ts';
import { reportAddress } from './report-form.ts';
import type { AskProblem, ReportForm } from './report-form.ts';
import { fieldFault, toldNotice } from './told-notice.ts';
import type { ToldNotice } from './told-notice.ts';

export const reportsPath = '/.wardgate/console/reports';

export interface ReportsPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
}

const words = {
  list: 'Reports',
  lead: 'Each report is made from the access record when you ask for it, and that you asked is on record.',
  ways: 'Who opened what',
  all: 'All reports',
  person: 'Person (login name)',
  patient: 'Patient (id)',
  month: 'Month, such as 2026-10',
  from: 'Or from day, such as 2026-10-01',
  to: 'to day',
  copy: 'A copy to hand to the patient: plain words, no addresses',
  show: 'Show',
  paper: 'File for paper (HTML)',
  table: 'Tables (CSV)',
  data: 'Data (JSON)',
  again: 'Ask for another period',
} as const;

export function reportsPage({ clinic }: ReportsPageParts, kinds: readonly ReportKind[]): string {
  const body = html`
    <p>${words.lead}</p>
    <dl class="kinds">
      ${kinds.map(
        ({ name, title, citations, says }) =>
          html`<dt><a href="${reportsPath}/${name}">${title}</a></dt>
            <dd>${says.split(': --')[0]}<br /><span class="small">${citations.join(', ')}</span></dd>`,
      )}
    </dl>
    <p class="ways"><a class="button plain" href="/.wardgate/console">${words.ways}</a></p>
  `;
  return framed(clinic, words.list, body, []);
}

/** The form alone, or with what was wrong with it. */
export function askPage({ clinic }: ReportsPageParts, kind: ReportKind, form: ReportForm, wrong: AskProblem | null): string {
  const told =
    wrong === null ? null : { good: false, says: wrong.problem, ...(wrong.field === undefined ? {} : { field: wrong.field }) };
  const body = html` ${toldNotice(told)} ${askForm(kind, form, told)} ${ways()} `;
  return framed(clinic, kind.title, body, []);
}

export function reportPage({ clinic }: ReportsPageParts, kind: ReportKind, form: ReportForm, report: Report): string {
  const link = (as: 'html' | 'csv' | 'json', title: string): Markup =>
    html`<a class="button plain" href="${reportAddress(kind.name, form, as)}">${title}</a>`;
  const body = html`
    <p class="ways">${link('html', words.paper)} ${link('csv', words.table)} ${link('json', words.data)}</p>
    <div lang="${report.language}">${reportBody(report)}</div>
    <details class="ask">
      <summary>${words.again}</summary>
      ${askForm(kind, form, null)}
    </details>
    ${ways()}
  `;
  return framed(clinic, report.title, body, ['sort.js']);
}

function framed(clinic: ReportsPageParts['clinic'], title: string, body: Child, scripts: readonly string[]): string {
  return layout({ title, clinic: { ...clinic, language: 'en' }, body, wide: true, scripts });
}

function askForm({ name, wants, handedOut }: ReportKind, form: ReportForm, told: ToldNotice | null): Markup {
  const field = (key: 'person' | 'patient' | 'month' | 'from' | 'to', label: string): Markup =>
    html`<div>
      <label for="${key}">${label}</label
      ><input id="${key}" name="${key}" value="${form[key]}" autocomplete="off" ${fieldFault(told, key)} />
    </div>`;
  return html`<form method="get" action="${reportsPath}/${name}" class="row">
    ${wants !== null && field(wants, words[wants])} ${field('month', words.month)} ${field('from', words.from)}
    ${field('to', words.to)}
    ${
      handedOut === true &&
      html`<label class="tick"
        >${
          form.forPatient
            ? html`<input type="checkbox" name="copy" value="patient" checked />`
            : html`<input type="checkbox" name="copy" value="patient" />`
        }${words.copy}</label
      >`
    }
    <button type="submit" name="as" value="page">${words.show}</button>
  </form>`;
}

function ways(): Markup {
  return html`<p class="ways">
    <a class="button plain" href="${reportsPath}">${words.all}</a>
    <a class="button plain" href="/.wardgate/console">${words.ways}</a>
  </p>`;
}
