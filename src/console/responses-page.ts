// The page of what followed alerts: each alert of the last days with why and whom, one button that ends that person's sessions, and
// who is held at this moment, with a form that lifts it.

import type { ClinicSettings } from '../config/settings.ts';
import type { Restriction } from '../core/respond/restriction.ts';
import type { Session } from '../core/session/session.ts';
import { html } from '../pages/html.ts';
import type { Child, Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { consoleTable } from './console-table.ts';
import { toldNotice } from './told-notice.ts';

const words = {
  title: 'Alerts and what followed',
  lead: 'An alert is a question, not a finding. Ending sessions cuts what runs for that person at once and logs out of the EHR. Whoever ends or lifts is on record. Nobody finds here what is about themselves.',
  alerts: 'Alerts of the last seven days',
  noAlerts: 'There is no alert to show.',
  older: 'Older alerts',
  newest: 'Newest alerts',
  held: 'Whose access is held back now',
  nobody: 'Nobody is held back.',
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
  unconfirmed: 'Ended here; not yet confirmed for the other gateways. The health page shows it until it is certain.',
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
  readonly sessions: readonly { readonly session: Pick<Session, 'reference' | 'from' | 'place'>; readonly running: number }[];
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
    ${told !== null && toldNotice({ good: told === 'lifted' || told === 'ended', says: tolds[told] })}
    <h2>${words.held}</h2>
    ${
      held.length === 0
        ? html`<p>${words.nobody}</p>`
        : consoleTable(
            words.held,
            [words.person, words.kind, words.detector, words.when, words.until, words.lift],
            held.map((one) => ({ cells: heldCells(one, time) })),
          )
    }
    <h2>${words.alerts}</h2>
    ${
      alerts.length === 0
        ? html`<p>${words.noAlerts}</p>`
        : consoleTable(
            words.alerts,
            [words.when, words.person, words.why, words.now],
            alerts.map((one) => ({ id: `alert-${one.sequence}`, cells: alertCells(one, time) })),
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

function alertCells(alert: ShownAlert, time: Intl.DateTimeFormat): readonly Child[] {
  const { person, detector, words: why } = alert;
  return [
    time.format(alert.time),
    person ?? 'nobody in particular',
    html`<strong>${detector.replaceAll('-', ' ')}</strong>: ${why}`,
    person === null ? '–' : sessionsOf(alert, person),
  ];
}

/** Characters of a session's reference that tell two apart on a page. */
const referenceStart = 8;

function sessionsOf({ sequence, sessions }: ShownAlert, person: string): Markup {
  if (sessions.length === 0) return html`${words.notSignedIn}`;
  // A person has one at each application they work in.
  const several = new Set(sessions.map(({ session }) => session.place?.application)).size > 1;
  const lines = sessions.map(
    ({ session, running }) =>
      html`<li>
        <code>${session.reference.slice(0, referenceStart)}</code
        >${several && ` at ${session.place?.application ?? '–'}`}${session.from && html` from ${session.from.address}`},
        ${`requests running: ${running}`}
      </li>`,
  );
  return html`<ul>
      ${lines}
    </ul>
    <form method="post" action="${responsesPath}">
      <input type="hidden" name="end" value="${sequence}" />
      <button type="submit" aria-label="${words.end}: ${person}">${words.end}</button>
    </form>`;
}

function heldCells(
  { alert, kind, person, detector, since, until, own }: ResponsesPageParts['held'][number],
  time: Intl.DateTimeFormat,
): readonly Child[] {
  return [
    person.name,
    kinds[kind],
    detector.replaceAll('-', ' '),
    time.format(since),
    until === null ? words.untilLifted : time.format(until),
    own
      ? words.yours
      : html`<form method="post" action="${responsesPath}">
          <input type="hidden" name="lift" value="${alert}" />
          <input type="hidden" name="kind" value="${kind}" />
          <label
            >${words.because}
            <input
              name="because"
              required
              minlength="3"
              maxlength="300"
              autocomplete="off"
              aria-label="${words.because}: ${person.name}"
          /></label>
          <button type="submit" aria-label="${words.lift}: ${person.name}">${words.lift}</button>
        </form>`,
  ];
}
