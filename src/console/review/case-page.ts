// The page of one case: its alerts with their reasons, what its person did around them, every step with its record, and the
// forms for the steps that may follow.

import { recordName } from '../../core/audit/record-number.ts';
import type { Explanation } from '../../core/relations/explanation.ts';
import type { ClinicSettings } from '../../config/settings.ts';
import type { Case, CaseAlert, KeptStep } from '../../core/cases/case.ts';
import { caseStanding } from '../../core/cases/case-standing.ts';
import { html } from '../../pages/html.ts';
import type { Child, Markup } from '../../pages/html.ts';
import { layout } from '../../pages/layout.ts';
import type { ShownPatient } from '../../patient-ports.ts';
import { patientCell } from '../patient-parts.ts';
import { toldNotice } from '../told-notice.ts';
import { caseForms } from './case-forms.ts';
import type { SentStep } from './case-forms.ts';
import { reviewsPath } from '../reviews-page.ts';
import { caseExportPath, casePath, dispositionWords, noticedBy, reviewPath, stepWords } from './review-words.ts';

export type ReviewClinic = Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;

export interface CasePageParts {
  readonly clinic: ReviewClinic;
  readonly one: Case;
  readonly known: ReadonlyMap<string, ShownPatient>;
  /** What appointments and rosters say of alerts, by the number of their record; empty where nothing is known. */
  readonly explained: ReadonlyMap<number, Explanation>;
  /** Alerts of its person in no case yet, the newest first; `more`: there are others. */
  readonly further: { readonly alerts: readonly CaseAlert[]; readonly more: boolean };
  readonly told: { readonly good: boolean; readonly says: string } | null;
  /** What a form held that was refused. */
  readonly sent: SentStep | null;
}

/** Records behind an alert among which its neighbours are shown. */
const around = 100;

export function casePage({ clinic, one, known, explained, further, told, sent }: CasePageParts): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'medium' });
  const { open } = caseStanding(one);
  const body = html`
    ${toldNotice(told)}
    <dl>
      <dt>Person</dt>
      <dd>${one.person?.name ?? 'nobody in particular'}</dd>
      <dt>Patient</dt>
      <dd>${patientCell(one.patient, known)}</dd>
      <dt>Opened</dt>
      <dd>${time.format(one.openedAt)}</dd>
      <dt>Standing</dt>
      <dd>${open ? 'open' : 'closed'}</dd>
    </dl>
    <h2>Alerts</h2>
    <ul>
      ${one.alerts.map((alert) => alertItem(alert, known, explained, time))}
    </ul>
    ${furtherAlerts(one, further, time)} ${workLinks(one)}
    <h2>Steps</h2>
    <ol class="steps">
      ${one.steps.map((step) => stepItem(step, time))}
    </ol>
    ${caseForms(one, sent)}
    <p class="ways">
      ${!open && html`<a class="button" href="${caseExportPath}?id=${one.id}&amp;as=html">Hand out for paper</a>`}
      ${!open && html`<a class="button plain" href="${caseExportPath}?id=${one.id}&amp;as=json">Hand out as JSON</a>`}
      <a class="button plain" href="${reviewPath}">Alerts and cases</a>
    </p>
  `;
  return layout({ title: `Case ${one.id.slice(0, 6)}`, clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function alertItem(
  alert: CaseAlert,
  known: CasePageParts['known'],
  explained: CasePageParts['explained'],
  time: Intl.DateTimeFormat,
): Markup {
  const says = explained.get(alert.sequence);
  return html`<li>
    ${time.format(alert.time)}, record ${recordName(alert.sequence)}: <strong>${noticedBy(alert)}</strong>. ${alert.words}.
    ${alert.patient !== null && html`Patient: ${patientCell(alert.patient, known)}.`}
    ${says !== undefined && html`<strong>${says.state}</strong>: ${says.words}.`}
  </li>`;
}

function furtherAlerts({ id, person }: Case, { alerts, more }: CasePageParts['further'], time: Intl.DateTimeFormat): Child {
  if (person === null || (alerts.length === 0 && !more)) return null;
  return html`<h2>Further alerts of ${person.name}, in no case</h2>
    ${
      alerts.length > 0 &&
      html`<form method="post" action="${casePath}?id=${id}">
        <input type="hidden" name="kind" value="alert-added" />
        ${alerts.map(
          (alert) =>
            html`<label class="tick"
              ><input type="checkbox" name="alert" value="${alert.sequence}" />
              <span>${time.format(alert.time)}, <strong>${noticedBy(alert)}</strong>: ${alert.words}</span></label
            >`,
        )}
        <button type="submit">Add to this case</button>
      </form>`
    }
    ${more && html`<p>There may be more: <a href="${reviewPath}?${new URLSearchParams({ person: person.name, days: '30' }).toString()}">all of 30 days</a>.</p>`}`;
}

/** The record search, where it knows how to ask for it. */
function workLinks({ person, patient, alerts }: Case): Child {
  const to = (fields: Readonly<Record<string, string>>, words: string): Markup =>
    html`<li><a href="/.wardgate/console?${new URLSearchParams(fields).toString()}">${words}</a></li>`;
  const last = alerts.at(-1);
  if (person === null && patient === null) return null;
  return html`<h2>What was done around it</h2>
    <ul>
      ${
        person !== null &&
        last !== undefined &&
        to(
          { person: person.name, days: 'all', before: String(last.sequence + around) },
          `What ${person.name} did up to the last alert`,
        )
      }
      ${person !== null && to({ person: person.name, days: '30' }, `What ${person.name} did within 30 days`)}
      ${patient !== null && to({ patient, days: 'all' }, 'Who opened this patient')}
    </ul>`;
}

function stepItem(step: KeptStep, time: Intl.DateTimeFormat): Markup {
  const by = step.by === 'gateway' ? 'the gateway' : step.by.name;
  return html`<li>
    <strong>${stepWords[step.kind]}</strong
    >${step.kind === 'disposition' && html`: ${dispositionWords[step.disposition]}`}${originOf(step)}, ${by},
    ${time.format(step.at)}, record ${recordName(step.record)} ${'text' in step && html`<div>${step.text}</div>`}
  </li>`;
}

function originOf(step: KeptStep): Child {
  const origin = 'origin' in step ? step.origin : undefined;
  if (origin === undefined) return null;
  return html` from item ${origin.item} of review <a href="${reviewsPath}/${origin.review}">${origin.review}</a>`;
}
