// A person's own sessions, devices and recent access: where they are signed in, with a way to end it, and what the record says
// of them, so that whoever did not do it themselves notices.

import { html } from './html.ts';
import type { Child, Markup } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

const words = {
  title: 'Your sessions, devices and recent access',
  sessions: 'Sessions',
  here: 'Here: {place}, since {since}.',
  elsewhere: '{place}, since {since}, last seen at {lastSeen}: {state}.',
  unknown: 'an unknown place',
  states: { 'in-use': 'in use', locked: 'locked', waiting: 'waits there for you' },
  noOthers: 'You are signed in nowhere else.',
  end: 'End it',
  endNamed: 'End the session at {place} since {since}',
  endOthers: 'End all others',
  devices: 'Your own devices',
  device: '{name}, since {since}',
  noDevices: 'You call no browser your own.',
  deviceLink: 'Devices',
  access: 'Recent access',
  about: 'The newest records of what you did, of the last seven days. Whatever was not you, tell {help}.',
  searched: 'Searched back to {time}: what is older was not looked at.',
  busy: 'The record is being searched for others. Load this page again in a moment.',
  none: 'Nothing is on record yet.',
  time: 'Time',
  what: 'What',
  patient: 'Patient',
  from: 'From',
  result: 'Result',
  back: 'Back',
} as const;

export interface OwnSession {
  readonly reference: string;
  /** The name of the device or its address; null where nobody knows. */
  readonly place: string | null;
  readonly since: string;
  readonly lastSeen: string;
  readonly state: keyof typeof words.states;
}

export interface RecentAccess {
  readonly time: string;
  /** The event where it was no request to the EHR. */
  readonly what: string | null;
  /** Method and address as they stand on record. */
  readonly request: string | null;
  readonly patient: string | null;
  readonly address: string | null;
  readonly decision: string | null;
  readonly reason: string | null;
}

export interface OwnSessionsPageParts {
  readonly clinic: PageClinic;
  readonly here: OwnSession;
  readonly others: readonly OwnSession[];
  readonly devices: readonly { readonly name: string; readonly since: string }[];
  /** Null where the record could not be searched now. */
  readonly access: readonly RecentAccess[] | null;
  readonly searchedBackTo: string | null;
}

const action = '/.wardgate/sessions';

export function ownSessionsPage(parts: OwnSessionsPageParts): string {
  const { clinic, here, others, devices } = parts;
  const body = html`<h2>${words.sessions}</h2>
    <p>${filled(words.here, here)}</p>
    ${others.length === 0 ? html`<p>${words.noOthers}</p>` : others.map(one)}
    ${
      others.length > 1 &&
      html`<form method="post" action="${action}">
        <button type="submit" name="others" value="1" class="plain">${words.endOthers}</button>
      </form>`
    }
    <h2>${words.devices}</h2>
    ${
      devices.length === 0
        ? html`<p>${words.noDevices}</p>`
        : html`<ul>
            ${devices.map(({ name, since }) => html`<li>${put(put(words.device, 'name', name), 'since', since)}</li>`)}
          </ul>`
    }
    <p><a href="/.wardgate/device">${words.deviceLink}</a></p>
    <h2>${words.access}</h2>
    <p>${put(words.about, 'help', clinic.help)}</p>
    ${accessOf(parts)}
    <p class="aside"><a href="/.wardgate/me">${words.back}</a></p>`;
  return layout({ title: words.title, clinic, body, wide: true });
}

function one(session: OwnSession): Markup {
  return html`<form method="post" action="${action}" class="line">
    <p>${filled(words.elsewhere, session)}</p>
    <button type="submit" name="end" value="${session.reference}" class="plain" aria-label="${filled(words.endNamed, session)}">
      ${words.end}
    </button>
  </form>`;
}

function accessOf({ access, searchedBackTo }: OwnSessionsPageParts): Child {
  if (access === null) return html`<p class="notice">${words.busy}</p>`;
  if (access.length === 0) return html`<p>${words.none}</p>`;
  return html`${searchedBackTo !== null && html`<p class="notice">${put(words.searched, 'time', searchedBackTo)}</p>`}
    <div class="scroll" tabindex="0" role="region" aria-label="${words.access}">
      <table>
        <thead>
          <tr>
            ${[words.time, words.what, words.patient, words.from, words.result].map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${access.map(row)}
        </tbody>
      </table>
    </div>`;
}

function row({ time, what, request, patient, address, decision, reason }: RecentAccess): Markup {
  const result = [decision, reason].filter((word) => word !== null).join(': ');
  return html`<tr class="${decision === 'refused' ? 'refused' : ''}">
    <td>${time}</td>
    <td>${request === null ? (what ?? '').replaceAll('-', ' ') : html`<code>${request}</code>`}</td>
    <td>${patient ?? '–'}</td>
    <td>${address ?? '–'}</td>
    <td>${result === '' ? '–' : result}</td>
  </tr>`;
}

function filled(text: string, { place, since, lastSeen, state }: OwnSession): string {
  const named = put(put(text, 'place', place ?? words.unknown), 'since', since);
  return put(put(named, 'lastSeen', lastSeen), 'state', words.states[state]);
}

function put(text: string, name: string, value: string): string {
  return text.replace(`{${name}}`, () => value);
}
