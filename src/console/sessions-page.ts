// The page of open sessions: who is signed in, since when, and a button for each that ends it, with the reason that goes on
// record.

import type { ClinicSettings } from '../config/settings.ts';
import type { Session } from '../core/session/session.ts';
import { html } from '../pages/html.ts';
import type { Child } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { consoleTable } from './console-table.ts';
import { toldNotice } from './told-notice.ts';

const words = {
  title: 'Who is signed in',
  lead: 'Ending a session cuts its running downloads and connections at once and logs out of the EHR. Who ends it, and why, is on record.',
  none: 'Nobody is signed in.',
  records: 'Who opened what',
  endAccess: 'End somebody’s access',
  person: 'Person',
  roles: 'Roles',
  since: 'Signed in',
  seen: 'Last active',
  standing: 'State',
  at: 'Application',
  running: 'Requests running',
  end: 'End session',
  because: 'Why it ends',
  locked: 'locked',
  open: 'open',
  why: 'Say why in at least three characters; it goes on record.',
  gone: 'That session had ended by itself.',
  ended: 'The session has ended.',
  unconfirmed:
    'Ended here; not yet confirmed for the other gateways. It is tried again each second; the health page shows it until it is certain.',
} as const;

export const sessionsPath = '/.wardgate/console/sessions';

export interface SessionsPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'>;
  readonly sessions: readonly { readonly session: Session; readonly running: number }[];
  /** What became of the form that was sent; null where none was. */
  readonly told: 'why' | 'gone' | 'ended' | 'unconfirmed' | null;
}

export function sessionsPage({ clinic, sessions, told }: SessionsPageParts): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'short' });
  // Where there are several applications, one person has a session at each, and they look alike.
  const several = new Set(sessions.map(({ session }) => session.place?.application)).size > 1;
  const columns = [words.person, words.roles, words.since, words.seen, words.standing, words.running, words.end];
  const body = html`
    <p>${words.lead}</p>
    ${told !== null && toldNotice({ good: told === 'ended', says: words[told] })}
    ${
      sessions.length === 0
        ? html`<p class="notice">${words.none}</p>`
        : consoleTable(
            words.title,
            several ? [words.at, ...columns] : columns,
            sessions.map(({ session, running }) => {
              const own = cells(session, running, time);
              return { cells: several ? [session.place?.application ?? '–', ...own] : own };
            }),
          )
    }
    <p class="ways">
      <a class="button plain" href="/.wardgate/console">${words.records}</a>
      <a class="button plain" href="/.wardgate/console/people/end">${words.endAccess}</a>
    </p>
  `;
  return layout({ title: words.title, clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function cells(
  { reference, subject, roles, createdAt, lastActiveAt, lockedAt }: Session,
  running: number,
  time: Intl.DateTimeFormat,
): readonly Child[] {
  const whose = `${subject.displayName} (${subject.name})`;
  return [
    whose,
    roles.join(', '),
    time.format(createdAt),
    time.format(lastActiveAt),
    lockedAt === null ? words.open : words.locked,
    running,
    html`<form method="post" action="${sessionsPath}">
      <input type="hidden" name="reference" value="${reference}" />
      <label
        >${words.because}
        <input name="because" required minlength="3" maxlength="300" autocomplete="off" aria-label="${words.because}: ${whose}"
      /></label>
      <button type="submit" aria-label="${words.end}: ${whose}">${words.end}</button>
    </form>`,
  ];
}
