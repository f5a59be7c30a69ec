// The reviewer's first page: alerts of the last days by person, patient and day, those without a case first, and the cases.

import { caseStanding } from '../../core/cases/case-standing.ts';
import type { Case } from '../../core/cases/case.ts';
import type { AlertGroup } from '../../core/cases/group-alerts.ts';
import { html } from '../../pages/html.ts';
import type { Markup } from '../../pages/html.ts';
import { layout } from '../../pages/layout.ts';
import type { ShownPatient } from '../../patient-ports.ts';
import { patientCell } from '../patient-parts.ts';
import type { ReviewClinic } from './case-page.ts';
import { casePath, precisionPath, reviewPath } from './review-words.ts';

export interface AlertsPageParts {
  readonly clinic: ReviewClinic;
  readonly days: number;
  readonly groups: readonly AlertGroup[];
  /** Alerts and cases that concern the reviewer and are not shown. */
  readonly own: number;
  readonly deputy: string | null;
  readonly which: 'open' | 'closed';
  readonly cases: readonly Case[];
  readonly known: ReadonlyMap<string, ShownPatient>;
  readonly told: { readonly good: boolean; readonly says: string } | null;
}

export function alertsPage(parts: AlertsPageParts): string {
  const { clinic, days, groups, own, deputy, which, cases, known, told } = parts;
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'short' });
  const waiting = groups.filter(({ of }) => of === null).length;
  const other = which === 'open' ? 'closed' : 'open';
  const whom = deputy === null ? 'another reviewer' : `the deputy (${deputy})`;
  const body = html`
    ${told !== null && html`<p class="notice ${told.good ? '' : 'bad'}" role="${told.good ? 'status' : 'alert'}">${told.says}</p>`}
    <p>An alert is a question and no finding. Opening a case, and every step in it, is on record.</p>
    ${own > 0 && html`<p class="notice">${own} more concern you and are not shown: ${whom} looks into them.</p>`}
    <h2>Alerts of the last ${days} days</h2>
    <p>${waiting} of ${groups.length} groups are in no case yet.</p>
    ${groups.length > 0 && html`<div class="scroll" tabindex="0" role="region" aria-label="Alerts">${alertTable(groups, known, time)}</div>`}
    <h2>${which === 'open' ? 'Open cases' : 'Closed cases'}</h2>
    ${cases.length === 0 && html`<p class="notice">There is none.</p>`}
    ${cases.length > 0 && html`<div class="scroll" tabindex="0" role="region" aria-label="Cases">${caseTable(cases, known, time)}</div>`}
    <p class="ways">
      <a class="button plain" href="${reviewPath}?cases=${other}&amp;days=${days}"
        >${other === 'open' ? 'Open cases' : 'Closed cases'}</a
      >
      ${days < 30 && html`<a class="button plain" href="${reviewPath}?cases=${which}&amp;days=30">Alerts of 30 days</a>`}
      <a class="button plain" href="${precisionPath}">How often detectors are right</a>
      <a class="button plain" href="/.wardgate/console">Who opened what</a>
    </p>
  `;
  return layout({ title: 'Alerts and cases', clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function heads(words: readonly string[]): Markup {
  return html`<thead>
    <tr>
      ${words.map((word) => html`<th scope="col">${word}</th>`)}
    </tr>
  </thead>`;
}

type Known = AlertsPageParts['known'];

function alertTable(groups: readonly AlertGroup[], known: Known, time: Intl.DateTimeFormat): Markup {
  return html`<table class="even">
    ${heads(['Day', 'Person', 'Patient', 'Why', 'Case'])}
    <tbody>
      ${groups.map(
        ({ day, person, patient, alerts, telling, of }) =>
          html`<tr>
            <td>${day}</td>
            <td>${person?.name ?? 'nobody in particular'}</td>
            <td>${patientCell(patient, known)}</td>
            <td class="why">
              <div><strong>${tellingInWords[telling]}</strong></div>
              ${alerts.map((alert) => html`<div>${time.format(alert.time)} ${alert.detector.replaceAll('-', ' ')}: ${alert.words}</div>`)}
            </td>
            <td>
              ${
                of === null
                  ? openForm(
                      alerts.map(({ sequence }) => sequence),
                      `${person?.name ?? 'nobody'}, ${day}`,
                    )
                  : html`<a href="${casePath}?id=${of}">Case ${of.slice(0, 6)}</a>`
              }
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** An order of reading: what several alerts say together, by how telling each detector is. */
const tellingInWords: Readonly<Record<AlertGroup['telling'], string>> = {
  strong: 'Strong sign',
  fair: 'Fair sign',
  slight: 'Slight sign',
};

function openForm(sequences: readonly number[], label: string): Markup {
  return html`<form method="post" action="${reviewPath}">
    <input type="hidden" name="alerts" value="${sequences.join(' ')}" />
    <button type="submit" aria-label="Open a case: ${label}">Open a case</button>
  </form>`;
}

function caseTable(cases: readonly Case[], known: Known, time: Intl.DateTimeFormat): Markup {
  return html`<table>
    ${heads(['Opened', 'Person', 'Patient', 'Alerts', 'How far', 'Case'])}
    <tbody>
      ${cases.map(
        (one) =>
          html`<tr>
            <td>${time.format(one.openedAt)}</td>
            <td>${one.person?.name ?? 'nobody in particular'}</td>
            <td>${patientCell(one.patient, known)}</td>
            <td>${one.alerts.length}</td>
            <td>${howFar(one)}</td>
            <td><a href="${casePath}?id=${one.id}">Case ${one.id.slice(0, 6)}</a></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function howFar(one: Case): string {
  const { disposition, finding, question } = caseStanding(one);
  const asked = question === 'none' ? [] : [`question ${question}`];
  return [disposition?.replaceAll('-', ' ') ?? (finding ? 'found' : 'to be looked into'), ...asked].join(', ');
}
