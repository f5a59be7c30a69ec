// The page of open sessions: who is signed in, since when, and a button for each that ends it, with the reason that goes on
// record.

import type { ClinicSettings } from '../config/settings.ts';
import type { Session } from '../core/session/session.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';

const words = {
  title: 'Who is signed in',
  lead: 'Ending a session cuts what is under way for it at once and logs out of the EHR. Who ends it, and why, is on record.',
  none: 'Nobody is signed in.',
  records: 'Who opened what',
  endAccess: 'End somebody’s access',
  person: 'Person',
  roles: 'Roles',
  since: 'Since',
  seen: 'Seen',
  standing: 'Standing',
  running: 'Under way',
  end: 'End',
  because: 'Why',
  locked: 'locked',
  open: 'open',
  why: 'Say why in at least three characters; it goes on record.',
  gone: 'That session had ended by itself.',
  ended: 'The session has ended.',
} as const;

export const sessionsPath = '/.wardgate/console/sessions';

export interface SessionsPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'>;
  readonly sessions: readonly { readonly session: Session; readonly running: number }[];
  /** What became of the form that was sent; null where none was. */
  readonly told: 'why' | 'gone' | 'ended' | null;
}

export function sessionsPage({ clinic, sessions, told }: SessionsPageParts): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'short' });
  const body = html`
    <p>${words.lead}</p>
    ${told !== null && html`<p class="notice" role="status">${words[told]}</p>`}
    ${sessions.length === 0 && html`<p class="notice">${words.none}</p>`}
    ${
      sessions.length > 0 &&
      html`<div class="scroll" tabindex="0" role="region" aria-label="${words.title}">
        <table>
          <thead>
            <tr>
              ${[words.person, words.roles, words.since, words.seen, words.standing, words.running, words.end].map(
                (word) => html`<th scope="col">${word}</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${sessions.map(({ session, running }) => row(session, running, time))}
          </tbody>
        </table>
      </div>`
    }
    <p class="ways">
      <a class="button plain" href="/.wardgate/console">${words.records}</a>
      <a class="button plain" href="/.wardgate/console/people/end">${words.endAccess}</a>
    </p>
  `;
  return layout({ title: words.title, clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function row(
  { reference, subject, roles, createdAt, lastActiveAt, lockedAt }: Session,
  running: number,
  time: Intl.DateTimeFormat,
): Markup {
  return html`<tr>
    <td>${subject.displayName} (${subject.name})</td>
    <td>${roles.join(', ')}</td>
    <td>${time.format(createdAt)}</td>
    <td>${time.format(lastActiveAt)}</td>
    <td>${lockedAt === null ? words.open : words.locked}</td>
    <td>${running}</td>
    <td>
      <form method="post" action="${sessionsPath}">
        <input type="hidden" name="reference" value="${reference}" />
        <label>${words.because} <input name="because" required minlength="3" maxlength="300" autocomplete="off" /></label>
        <button type="submit">${words.end}</button>
      </form>
    </td>
  </tr>`;
}
