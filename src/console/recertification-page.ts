// The page of a recertification: each person with each role, what is known of its use, and a form that decides the rows that
// were ticked. Nothing is ticked beforehand, and nobody finds a box beside their own name.

import type { ClinicSettings } from '../config/settings.ts';
import type { Campaign, CampaignRow, Person, ReviewedRole } from '../core/recertification/campaign.ts';
import { mostDecisionNote } from '../core/recertification/campaign.ts';
import type { AskedDecision, DecisionRefused } from '../core/recertification/judge-decision.ts';
import { isSame } from '../core/recertification/judge-decision.ts';
import { openRows } from '../core/recertification/judge-due.ts';
import { html } from '../pages/html.ts';
import type { Child, Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import type { CampaignView } from '../recertification-ports.ts';
import { consoleTable } from './console-table.ts';
import { noteAndSeveral, rowBox } from './ticked-rows.ts';
import { fieldFault, noticeOf, toldNotice } from './told-notice.ts';
import type { NoticeWords, ToldNotice } from './told-notice.ts';

export const recertificationPath = '/.wardgate/console/recertification';
export const signingPath = `${recertificationPath}/sign`;

/** Rows on one page: one form decides no more at once. */
export const shownRows = 100;

const told = {
  decided: 'That is decided, and on record.',
  'now-signed': 'The recertification is signed, and that is on record.',
  'none-chosen': 'Tick the rows that you decide.',
  several: 'You ticked several rows. Say below that you decide on all of them at once, or tick one.',
  'no-decision': 'Choose what is decided.',
  'no-note': 'Say why a role is removed or changed, and into what.',
  'note-too-long': `A note has at most ${mostDecisionNote} characters.`,
  'unknown-row': 'There is no such row any more.',
  yourself: 'Nobody decides about themselves: another reviewer does.',
  signed: 'This recertification is signed already, so nothing in it changes any more.',
  'no-campaign': 'No recertification was started.',
} as const satisfies Record<DecisionRefused | 'decided' | 'now-signed' | 'no-campaign', string>;

export type Told = keyof typeof told | null;

export interface RecertificationPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly view: CampaignView | null;
  readonly reviewer: Person | null;
  readonly told: Told;
  /** What a form held that was refused, so that nobody ticks and writes it again. */
  readonly filled: AskedDecision | null;
  /** The first row shown. */
  readonly from: number;
}

type Show = (time: number) => string;

export function recertificationPage({ clinic, view, reviewer, told: word, filled, from }: RecertificationPageParts): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'medium' });
  const show: Show = (time) => format.format(time);
  const notice = noticeOf(notices, word);
  const body = html`
    ${toldNotice(notice)}
    ${view === null && html`<p class="notice">No recertification was started yet: <code>wardgate recertify start</code> does.</p>`}
    ${view !== null && campaign(view, { reviewer, notice, filled, from, show })}
    <p class="ways"><a class="button plain" href="/.wardgate/console">Who opened what</a></p>
  `;
  const title = view === null ? 'Who has which role' : `Who has which role: ${view.campaign.quarter}`;
  return layout({ title, clinic: { ...clinic, language: 'en' }, body, wide: true });
}

const notices: NoticeWords<keyof typeof told> = {
  says: told,
  done: ['decided', 'now-signed'],
  fields: {
    'no-decision': 'decision',
    'no-note': 'note',
    'note-too-long': 'note',
    several: 'several',
  },
};

interface Shown {
  readonly reviewer: Person | null;
  readonly notice: ToldNotice | null;
  readonly filled: AskedDecision | null;
  readonly from: number;
  readonly show: Show;
}

function campaign({ campaign: one, unaltered }: CampaignView, shown: Shown): Markup {
  const { from, show } = shown;
  const decided = one.rows.filter((row) => row.decided !== null).length;
  const rows = one.rows.filter(({ row }) => row >= from).slice(0, shownRows);
  const open = one.signedAt === null ? [] : openRows(one.rows);
  return html`
    <p>
      Started ${show(one.startedAt)}; ${decided} of ${one.rows.length} rows are decided. Use is told since ${show(one.since)}.
      Nobody decides about themselves. It covers people who signed in through the
      gateway${one.unknownPeople > 0 && html`; of ${one.unknownPeople} of them no role is known until they sign in again`}.
    </p>
    ${one.signedAt !== null && html`<p class="notice" role="status">Signed ${show(one.signedAt)}. ${signedWords(unaltered)}</p>`}
    ${unaltered === false && html`<p class="notice bad" role="alert">This is not what was signed: it was changed afterwards.</p>`}
    ${
      open.length > 0 &&
      html`<h2>Still to be done at the identity provider</h2>
        ${todo(open, one.roles)}`
    }
    ${one.signedAt === null ? form(one, rows, shown) : table(rows, one, { ...shown, reviewer: null })}
    <p class="ways">
      ${from > 1 && html`<a class="button plain" href="${recertificationPath}?from=${Math.max(1, from - shownRows)}">Rows before</a>`}
      ${one.rows.some(({ row }) => row >= from + shownRows) && html`<a class="button plain" href="${recertificationPath}?from=${from + shownRows}">Further rows</a>`}
      ${one.signedAt === null && decided === one.rows.length && html`<a class="button" href="${signingPath}">Sign</a>`}
    </p>
    <h2>What the roles permit</h2>
    ${one.roles.filter(({ role }) => one.rows.some((row) => row.role === role)).map(roleDetails)}
  `;
}

function signedWords(unaltered: boolean | null): string {
  return unaltered === null ? 'Its record is not found yet; look again in a moment.' : '';
}

function form(one: Campaign, rows: readonly CampaignRow[], shown: Shown): Markup {
  const { notice, filled, from } = shown;
  const chosen = (decision: string): Child => filled?.decision === decision && html`selected`;
  return html`<form method="post" action="${recertificationPath}${from > 1 && `?from=${from}`}">
    ${table(rows, one, shown)}
    <fieldset>
      <legend>Decide the rows that are ticked</legend>
      <label for="decision">What is decided</label>
      <select id="decision" name="decision" ${fieldFault(notice, 'decision')}>
        <option value="">Choose</option>
        <option value="keep" ${chosen('keep')}>Keep: they need it for their work</option>
        <option value="remove" ${chosen('remove')}>Remove: they do not need it</option>
        <option value="change" ${chosen('change')}>Change: another role, as the note says</option>
      </select>
      ${noteAndSeveral({
        note: { label: 'Why (needed unless it is kept)', most: mostDecisionNote },
        several: 'I decide on all ticked rows at once',
        notice,
        filled,
      })}
    </fieldset>
    <button type="submit">Put on record</button>
  </form>`;
}

function table(rows: readonly CampaignRow[], { signedAt }: Campaign, shown: Shown): Markup {
  const words = ['Row', 'Person', 'Role', 'Has it since', 'Last seen', 'Last use', 'Rules never used', 'Decided'];
  return consoleTable(
    'People and roles',
    words,
    rows.map((row) => ({ cells: rowCells(row, signedAt === null ? shown : { ...shown, reviewer: null }) })),
  );
}

function rowCells(row: CampaignRow, { reviewer, filled, show }: Shown): readonly Child[] {
  const { person, displayName, role, grantedAt, seenAt, unused, decided, closed } = row;
  return [
    box(row, reviewer, filled),
    `${displayName} (${person.name})`,
    role,
    show(grantedAt),
    show(seenAt),
    useOf(row, show),
    unused.length === 0 ? '–' : unused.join(', '),
    html`${decided === null ? 'open' : html`${decided.decision}${decided.note !== '' && html`: ${decided.note}`}, ${decided.by.name}, ${show(decided.at)}`}
    ${closed !== null && html`; ${closed.how === 'done' ? `done, says ${closed.by ?? 'IT'}` : `gone since ${show(closed.at)}`}`}`,
  ];
}

function box({ row, person, displayName, role }: CampaignRow, reviewer: Person | null, filled: AskedDecision | null): Child {
  if (reviewer === null) return row;
  if (isSame(person, reviewer)) return `${row} (you)`;
  return rowBox('row', row, `Row ${row}: ${displayName}, ${role}`, filled?.rows);
}

function useOf({ use }: CampaignRow, show: Show): string {
  if (use.by === 'none') return 'none in this time';
  const when = use.at === null ? 'unknown' : show(use.at);
  return use.by === 'request' ? `${when}, rule ${use.rule ?? ''}` : `${when}, their sign-in: no rule tells this role apart`;
}

function todo(open: readonly CampaignRow[], roles: readonly ReviewedRole[]): Markup {
  return html`<ul>
      ${open.map(({ row, person, role, decided }) => {
        const groups = roles.find((one) => one.role === role)?.groups.join(', ') ?? 'the group of that role';
        return decided?.decision === 'remove'
          ? html`<li>Row ${row}: take ${person.name} out of ${groups} (role ${role}). ${decided.note}</li>`
          : html`<li>Row ${row}: change role ${role} of ${person.name}: ${decided?.note}</li>`;
      })}
    </ul>
    <p class="small">
      A removed role is closed by itself once they sign in without it; <code>wardgate recertify done ROW --because …</code> closes
      any row.
    </p>`;
}

function roleDetails({ role, groups, rights }: ReviewedRole): Markup {
  return html`<details>
    <summary>${role} (${groups.join(', ')})</summary>
    <ul>
      ${rights.map((right) => html`<li>${right}</li>`)}
    </ul>
  </details>`;
}
