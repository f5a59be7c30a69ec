// A person's own sessions, devices and recent access: where they are signed in, with a way to end it, and what the record says
// of them, so that whoever did not do it themselves notices.

import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import type { Child, Markup } from './html.ts';
import type { Words } from './languages/en.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

export interface OwnSession {
  readonly reference: string;
  /** The name of the device or its address; null where nobody knows. */
  readonly place: string | null;
  readonly since: string;
  readonly lastSeen: string;
  readonly state: keyof Words['ownSessions']['states'];
}

export interface RecentAccess {
  readonly time: string;
  /** The event where it was no request to the EHR. */
  readonly what: string | null;
  /** Method and address as they stand on record. */
  readonly request: string | null;
  readonly patient: string | null;
  readonly address: string | null;
  readonly decision: keyof Words['ownSessions']['decisions'] | null;
  readonly reason: string | null;
}

export interface OwnSessionsPageParts {
  readonly clinic: PageClinic;
  /** Something that a reviewer asked or wrote. */
  readonly waiting: 'question' | 'message' | null;
  readonly here: OwnSession;
  readonly others: readonly OwnSession[];
  readonly devices: readonly { readonly name: string; readonly since: string }[];
  /** Null where the record could not be searched now. */
  readonly access: readonly RecentAccess[] | null;
}

type Said = Words['ownSessions'];

const action = '/.wardgate/sessions';

export function ownSessionsPage(parts: OwnSessionsPageParts): string {
  const { clinic, here, others, devices } = parts;
  const words = wordsIn(clinic.language).ownSessions;
  const asked = wordsIn(clinic.language).question;
  const body = html`${
      parts.waiting !== null &&
      html`<p class="notice">
        ${parts.waiting === 'question' ? asked.line : asked.lineMessage}
        <a href="/.wardgate/question?return=${encodeURIComponent(action)}">${asked.open}</a>
      </p>`
    }
    <h2>${words.sessions}</h2>
    <p>${filled(words, words.here, here)}</p>
    ${others.length === 0 ? html`<p>${words.noOthers}</p>` : others.map((other) => one(other, words))}
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
            ${devices.map(({ name, since }) => html`<li>${fillText(words.device, { name, since })}</li>`)}
          </ul>`
    }
    <p><a href="/.wardgate/device">${words.deviceLink}</a></p>
    <h2>${words.access}</h2>
    <p>${fillText(words.about, { help: clinic.help })}</p>
    ${accessOf(parts.access, words)}
    <p class="aside"><a href="/.wardgate/me">${words.back}</a></p>`;
  return layout({ title: words.title, clinic, body, wide: true });
}

function one(session: OwnSession, words: Said): Markup {
  return html`<form method="post" action="${action}" class="line">
    <p>${filled(words, words.elsewhere, session)}</p>
    <button
      type="submit"
      name="end"
      value="${session.reference}"
      class="plain"
      aria-label="${filled(words, words.endNamed, session)}"
    >
      ${words.end}
    </button>
  </form>`;
}

function accessOf(access: OwnSessionsPageParts['access'], words: Said): Child {
  if (access === null) return html`<p class="notice">${words.busy}</p>`;
  if (access.length === 0) return html`<p>${words.none}</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${words.access}">
    <table>
      <thead>
        <tr>
          ${[words.time, words.from, words.what, words.patient, words.result].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${access.map((record) => row(record, words))}
      </tbody>
    </table>
  </div>`;
}

function row({ time, what, request, patient, address, decision, reason }: RecentAccess, words: Said): Markup {
  const decided = decision === null ? null : words.decisions[decision];
  const result = [decided, reason].filter((word) => word !== null).join(': ');
  return html`<tr class="${decision === 'refused' ? 'refused' : ''}">
    <td>${time}</td>
    <td>${address ?? '–'}</td>
    <td><code>${request ?? what}</code></td>
    <td>${patient ?? '–'}</td>
    <td>${result === '' ? '–' : result}</td>
  </tr>`;
}

function filled(words: Said, text: string, { place, since, lastSeen, state }: OwnSession): string {
  return fillText(text, { place: place ?? words.unknown, since, lastSeen, state: words.states[state] });
}
