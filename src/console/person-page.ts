// One person's week: their hours, where they worked, whose charts they opened, what they took away, what the detectors said,
// and their sessions, which can be ended here.

import type { ClinicSettings } from '../config/settings.ts';
import { showPatients } from '../core/patients/show-patients.ts';
import type { Session } from '../core/session/session.ts';
import { html } from '../pages/html.ts';
import type { Child, Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import type { KnownPerson } from '../people-ports.ts';
import { consoleTable } from './console-table.ts';
import { endPersonPath } from './end-person-page.ts';
import { heatDays, heatMap } from './heat-map.ts';
import { patientCell } from './patient-parts.ts';
import type { PersonWeek } from './person-week.ts';
import { sessionsPath } from './sessions-page.ts';

export interface PersonPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly name: string;
  /** Everybody who signs in by that name; most often one. */
  readonly people: readonly KnownPerson[];
  readonly week: PersonWeek;
  /** It is the page of whoever reads it, who is not told what was noticed of them. */
  readonly isReader: boolean;
  readonly sessions: readonly { readonly session: Session; readonly running: number }[];
}

export function personPage({ clinic, name, people, week, isReader, sessions }: PersonPageParts): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'short' });
  const { since, until, quarters } = week;
  const counted = quarters.map(({ keys: [quarter], count }) => ({ at: Number(quarter), count }));
  const query = new URLSearchParams({ person: name }).toString();
  const body = html`
    <p>
      ${people.map(({ displayName }) => displayName ?? name).join(', ')}, from ${time.format(since)} to ${time.format(until)}.
      That you looked is on record.
    </p>
    ${people.length > 1 && html`<p class="notice bad" role="alert">Several people sign in by this name; all of them are shown together.</p>`}
    <h2>Requests by hour</h2>
    ${heatMap(heatDays(counted, since, until, clinic.timezone), 'Requests by hour')} ${weekTables(week, isReader, time)}
    <h2>Sessions</h2>
    ${sessions.length === 0 ? html`<p>Not signed in.</p>` : sessions.map((one) => sessionPart(one, time))}
    <p class="ways">
      <a class="button plain" href="/.wardgate/console?${query}">Records of this week</a>
      <a class="button plain" href="/.wardgate/console/reports/person?${query}">Report about them</a>
      ${people.map(
        ({ sub }) =>
          html`<a class="button plain" href="${endPersonPath}?${new URLSearchParams({ person: sub }).toString()}"
            >End their access</a
          >`,
      )}
    </p>
  `;
  return layout({ title: `The week of ${name}`, clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function weekTables(
  { addresses, patients, downloads, alerts, known }: PersonWeek,
  isReader: boolean,
  time: Intl.DateTimeFormat,
): Markup {
  return html`<h2>Alerts</h2>
    ${table(
      'Alerts',
      ['Time', 'Detector', 'Why'],
      alerts.map((alert) => [
        time.format(alert.time),
        (alert.reason ?? 'alert').replaceAll('-', ' '),
        showPatients(alert, known).detail ?? '',
      ]),
      isReader ? 'Nobody finds here what is about themselves.' : 'None in this week.',
    )}
    <h2>Whose charts</h2>
    ${table(
      'Whose charts',
      ['Patient', 'Requests', 'Last'],
      patients.map(({ keys: [patient], count, until: last }) => [patientCell(String(patient), known), count, time.format(last)]),
      'No request of this week names a patient.',
    )}
    <h2>Devices and addresses</h2>
    ${table(
      'Devices and addresses',
      ['Device', 'Address', 'Requests', 'Last'],
      addresses.map(({ keys: [device, address], count, until: last }) => [
        device ?? 'no known device',
        address ?? '–',
        count,
        time.format(last),
      ]),
      'Nothing in this week.',
    )}
    <h2>Downloads</h2>
    ${table(
      'Downloads',
      ['Decision', 'Reason', 'Downloads', 'Size'],
      downloads.map(({ keys: [decision, reason], count, bytesOut }) => [
        decision ?? '–',
        String(reason ?? '–').replaceAll('-', ' '),
        count,
        megabytes(bytesOut),
      ]),
      'None in this week.',
    )}`;
}

function table(title: string, columns: readonly string[], rows: readonly (readonly Child[])[], none: string): Markup {
  if (rows.length === 0) return html`<p>${none}</p>`;
  return consoleTable(
    title,
    columns,
    rows.map((cells) => ({ cells })),
  );
}

/** Bytes are read by nobody. */
function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(2)} MB`;
}

function sessionPart({ session, running }: PersonPageParts['sessions'][number], time: Intl.DateTimeFormat): Markup {
  const { reference, createdAt, lockedAt, roles } = session;
  return html`<form method="post" action="${sessionsPath}" class="row">
    <input type="hidden" name="reference" value="${reference}" />
    <p>
      Signed in ${time.format(createdAt)} as ${roles.join(', ')}; ${lockedAt === null ? 'open' : 'locked'}; requests running:
      ${running}.
    </p>
    <div>
      <label for="because-${reference}">Why it ends</label
      ><input id="because-${reference}" name="because" required minlength="3" maxlength="300" autocomplete="off" />
    </div>
    <button type="submit" aria-label="End this session: ${time.format(createdAt)}">End this session</button>
  </form>`;
}
