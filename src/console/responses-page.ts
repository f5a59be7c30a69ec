// The page of what followed alerts: each alert of the last days with why and whom, one button that ends that person's sessions, and
// who is held at this moment, with a form that lifts it.

import type { ClinicSettings } from '../config/settings.ts';
import type { Restriction } from '../core/respond/restriction.ts';
import type { Session } from '../core/session/session.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';

const words = {
  title: 'Alerts and what followed',
  lead: 'An alert is a question, not a finding. Ending sessions cuts what runs for that person at once and logs out of the EHR. Whoever ends or lifts is on record. Nobody finds here what is about themselves.',
  alerts: 'Alerts of the last seven days',
  noAlerts: 'There is none to show.',
  older: 'Older alerts',
  newest: 'Newest alerts',
  held: 'Who is held',
  nobody: 'Nobody is held.',
  when: 'When',
  person: 'Person',
  why: 'Why',
  detector: 'Detector',
  now: 'Sessions now',
  end: 'End their sessions now',
  notSignedIn: 'not signed in',
  kind: 'How',
  until: 'Until',
  untilLifted: 'lifted here',
  lift: 'Lift',
  because: 'Why it is lifted',
  yours: 'this is you; somebody else lifts it',
  records: 'Who opened what',
} as const;

const kinds = { 'step-up': 'asked for the second factor', slow: 'slowed', block: 'blocked' } as const;

const tolds = {
  why: 'Say why in at least three characters; it goes on record.',
  gone: 'That was over already.',
  own: 'Nobody lifts what holds themselves.',
  lifted: 'It is lifted.',
  ended: 'Their sessions have ended, and what ran was cut.',
} as const;

export type ResponsesTold = keyof typeof tolds;

export const responsesPath = '/.wardgate/console/review/responses';

export interface ShownAlert {
  readonly sequence: number;
  readonly time: number;
  /** Null where it is about no single person. */
  readonly person: string | null;
  readonly detector: string;
  readonly words: string;
  readonly sessions: readonly { readonly session: Pick<Session, 'reference' | 'from'>; readonly running: number }[];
}

export interface ResponsesPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'>;
  readonly alerts: readonly ShownAlert[];
  /** The `before` of the alerts behind these; null where there are none. */
  readonly older: number | null;
  /** These are not the newest. */
  readonly isLater: boolean;
  readonly held: readonly (Restriction & { readonly own: boolean })[];
  /** What became of the form that was sent; null where none was. */
  readonly told: ResponsesTold | null;
}

export function responsesPage({ clinic, alerts, older, isLater, held, told }: ResponsesPageParts): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'short' });
  const body = html`
    <p>${words.lead}</p>
    ${told !== null && html`<p class="notice" role="status">${tolds[told]}</p>`}
    <h2>${words.held}</h2>
    ${
      held.length === 0
        ? html`<p>${words.nobody}</p>`
        : table(
            words.held,
            [words.person, words.kind, words.detector, words.when, words.until, words.lift],
            held.map((one) => heldRow(one, time)),
          )
    }
    <h2>${words.alerts}</h2>
    ${
      alerts.length === 0
        ? html`<p>${words.noAlerts}</p>`
        : table(
            words.alerts,
            [words.when, words.person, words.why, words.now],
            alerts.map((one) => alertRow(one, time)),
          )
    }
    <p class="ways">
      ${older !== null && html`<a class="button" href="${responsesPath}?before=${older}">${words.older}</a>`}
      ${isLater && html`<a class="button plain" href="${responsesPath}">${words.newest}</a>`}
      <a class="button plain" href="/.wardgate/console">${words.records}</a>
    </p>
  `;
  return layout({ title: words.title, clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function table(label: string, heads: readonly string[], rows: readonly Markup[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${heads.map((word) => html`<th scope="col">${word}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function alertRow(alert: ShownAlert, time: Intl.DateTimeFormat): Markup {
  return html`<tr id="alert-${alert.sequence}">
    <td>${time.format(alert.time)}</td>
    <td>${alert.person ?? '–'}</td>
    <td>${alert.words} (${alert.detector})</td>
    <td>${alert.person !== null && sessionsOf(alert)}</td>
  </tr>`;
}

function sessionsOf({ sequence, sessions }: ShownAlert): Markup {
  if (sessions.length === 0) return html`${words.notSignedIn}`;
  const lines = sessions.map(
    ({ session, running }) =>
      html`<li>${session.reference}${session.from && html` from ${session.from.address}`}, ${running} under way</li>`,
  );
  return html`<ul>
      ${lines}
    </ul>
    <form method="post" action="${responsesPath}">
      <input type="hidden" name="end" value="${sequence}" />
      <button type="submit">${words.end}</button>
    </form>`;
}

function heldRow(
  { alert, kind, person, detector, since, until, own }: ResponsesPageParts['held'][number],
  time: Intl.DateTimeFormat,
) {
  return html`<tr>
    <td>${person.name}</td>
    <td>${kinds[kind]}</td>
    <td>${detector}</td>
    <td>${time.format(since)}</td>
    <td>${until === null ? words.untilLifted : time.format(until)}</td>
    <td>
      ${
        own
          ? html`${words.yours}`
          : html`<form method="post" action="${responsesPath}">
              <input type="hidden" name="lift" value="${alert}" />
              <input type="hidden" name="kind" value="${kind}" />
              <label>${words.because} <input name="because" required minlength="3" maxlength="300" autocomplete="off" /></label>
              <button type="submit">${words.lift}</button>
            </form>`
      }
    </td>
  </tr>`;
}
