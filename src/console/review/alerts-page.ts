// The reviewer's first page: alerts of the last days by person, patient and day, those without a case first, and the cases; both
// page by page.

import type { AlertGroup } from '../../core/cases/group-alerts.ts';
import { caseStanding } from '../../core/cases/case-standing.ts';
import type { Case } from '../../core/cases/case.ts';
import { html } from '../../pages/html.ts';
import type { Child, Markup } from '../../pages/html.ts';
import { layout } from '../../pages/layout.ts';
import { consoleTable } from '../console-table.ts';
import { patientCell } from '../patient-parts.ts';
import { alertsAddress, caseStates, noticers } from './alerts-query.ts';
import type { AlertsForm } from './alerts-query.ts';
import { toldNotice } from '../told-notice.ts';
import type { ToldNotice } from '../told-notice.ts';
import type { ReviewClinic } from './case-page.ts';
import type { ListedAlerts } from './list-alerts.ts';
import { casePath, noticedBy, precisionPath, reviewPath } from './review-words.ts';

export interface AlertsPageParts {
  readonly clinic: ReviewClinic;
  readonly form: AlertsForm;
  readonly listed: ListedAlerts;
  /** Whom the reader may ask about themselves; null where that is any other reviewer. */
  readonly deputy: string | null;
  readonly told: ToldNotice | null;
}

const caseTitles = { open: 'Open cases', closed: 'Closed cases', all: 'Cases' } as const;

export function alertsPage({ clinic, form, listed, deputy, told }: AlertsPageParts): string {
  const { groups, older, cases, olderCases } = listed;
  const { days, state, before, behind } = form;
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'short' });
  const waiting = groups.filter(({ of }) => of === null).length;
  // The same sentence for everybody: a number in it would tell somebody that they were noticed, and by what.
  const whom = deputy === null ? 'another reviewer' : `the deputy (${deputy})`;
  const body = html`
    ${toldNotice(told)}
    <p>
      An alert is a question and no finding. Opening a case, and every step in it, is on record. Nobody finds here what is about
      themselves: ${whom} would look into it.
    </p>
    ${filterForm(form)}
    <h2>Alerts of the last ${days} days</h2>
    <p>${waiting} of ${groups.length} groups${(older !== null || before !== null) && ' on this page'} are in no case yet.</p>
    ${groups.length > 0 && alertTable(listed, time)}
    ${pages('alerts', older === null ? null : alertsAddress(form, { before: older }), before === null ? null : alertsAddress(form, { before: null }))}
    <h2>${caseTitles[state]}</h2>
    ${cases.length === 0 && html`<p class="notice">There is none.</p>`} ${cases.length > 0 && caseTable(listed, time)}
    ${pages('cases', olderCases === null ? null : alertsAddress(form, { behind: olderCases }), behind === null ? null : alertsAddress(form, { behind: null }))}
    <p class="ways">
      <a class="button plain" href="${precisionPath}">How often detectors are right</a>
      <a class="button plain" href="/.wardgate/console">Who opened what</a>
    </p>
  `;
  return layout({ title: 'Alerts and cases', clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function pages(what: string, older: string | null, newest: string | null): Child {
  if (older === null && newest === null) return null;
  return html`<p class="ways">
    ${older !== null && html`<a class="button" href="${older}">Older ${what}</a>`}
    ${newest !== null && html`<a class="button plain" href="${newest}">Newest ${what}</a>`}
  </p>`;
}

function filterForm({ person, state, detector, days }: AlertsForm): Markup {
  const choice = (value: string, label: string, chosen: string): Markup =>
    value === chosen
      ? html`<option value="${value}" selected>${label}</option>`
      : html`<option value="${value}">${label}</option>`;
  return html`<form method="get" action="${reviewPath}" class="row">
    <div>
      <label for="person">Person (login name)</label><input id="person" name="person" value="${person}" autocomplete="off" />
    </div>
    <div>
      <label for="detector">Noticed by</label>
      <select id="detector" name="detector">
        ${choice('', 'anything', detector)}
        ${noticers.map((name) => choice(name, name === 'review' ? 'a review' : name.replaceAll('-', ' '), detector))}
      </select>
    </div>
    <div>
      <label for="cases">Cases</label>
      <select id="cases" name="cases">
        ${caseStates.map((name) => choice(name, name, state))}
      </select>
    </div>
    <div>
      <label for="days">Alerts of</label>
      <select id="days" name="days">
        ${choice('7', 'the last 7 days', String(days))} ${choice('30', 'the last 30 days', String(days))}
      </select>
    </div>
    <button type="submit">Show</button>
  </form>`;
}

function alertTable({ groups, addTo, known }: ListedAlerts, time: Intl.DateTimeFormat): Markup {
  return consoleTable(
    'Alerts',
    ['Day', 'Person', 'Patient', 'Why', 'Case'],
    groups.map(({ day, person, patient, alerts, telling, of }) => ({
      cells: [
        day,
        person?.name ?? 'nobody in particular',
        patientCell(patient, known),
        html`<strong>${tellingInWords[telling]}</strong>
          ${alerts.map((alert) => html`<div>${time.format(alert.time)} ${noticedBy(alert)}: ${alert.words}</div>`)}`,
        of === null
          ? openForm(
              alerts.map(({ sequence }) => sequence),
              `${person?.name ?? 'nobody'}, ${day}`,
              addTo.get(person?.key ?? ''),
            )
          : html`<a href="${casePath}?id=${of}">Case ${of.slice(0, 6)}</a>`,
      ],
    })),
  );
}

/** An order of reading: what several alerts say together, by how telling each detector is. */
const tellingInWords: Readonly<Record<AlertGroup['telling'], string>> = {
  strong: 'Strong sign',
  fair: 'Fair sign',
  slight: 'Slight sign',
};

/** `addTo`: an open case of the same person. */
function openForm(sequences: readonly number[], label: string, addTo: string | undefined): Markup {
  return html`<form method="post" action="${reviewPath}">
    <input type="hidden" name="alerts" value="${sequences.join(' ')}" />
    <button type="submit" aria-label="Open a case: ${label}">Open a case</button>
    ${
      addTo !== undefined &&
      html`<button class="plain" type="submit" name="to" value="${addTo}" aria-label="Add to case ${addTo.slice(0, 6)}: ${label}">
        Add to case ${addTo.slice(0, 6)}
      </button>`
    }
  </form>`;
}

function caseTable({ cases, known }: ListedAlerts, time: Intl.DateTimeFormat): Markup {
  return consoleTable(
    'Cases',
    ['Opened', 'Person', 'Patient', 'Alerts', 'How far', 'Case'],
    cases.map((one) => ({
      cells: [
        time.format(one.openedAt),
        one.person?.name ?? 'nobody in particular',
        patientCell(one.patient, known),
        one.alerts.length,
        howFar(one),
        html`<a href="${casePath}?id=${one.id}">Case ${one.id.slice(0, 6)}</a>`,
      ],
    })),
  );
}

function howFar(one: Case): string {
  const { open, disposition, finding, question } = caseStanding(one);
  const asked = question === 'none' ? [] : [`question ${question}`];
  const far = disposition?.replaceAll('-', ' ') ?? (finding ? 'found' : 'to be looked into');
  return [...(open ? [] : ['closed']), far, ...asked].join(', ');
}
