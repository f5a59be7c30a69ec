// The page of changes: one row each, and under the table what the chosen one changed, line by line and role by role. Whatever
// somebody wrote into a file or a reason stands there as text, with what cannot be seen made visible.

import type { KnownChange } from '../change-ports.ts';
import type { ClinicSettings } from '../config/settings.ts';
import type { ChangedFile } from '../core/audit/rules-note.ts';
import { visible } from '../core/text/visible.ts';
import { html } from '../pages/html.ts';
import type { Child, Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { consoleTable } from './console-table.ts';

export const changesPath = '/.wardgate/console/rules';

const digits = 16;
/** Lines of one diff on a page; a file may be quite long. */
const mostLines = 2000;

export interface ShownChange extends KnownChange {
  /** `- ` went, `+ ` came, two blanks stayed, `…` left out; null where one of the two is not kept. */
  readonly lines: readonly string[] | null;
}

export interface ChangesPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly of: ChangedFile;
  readonly changes: readonly KnownChange[];
  /** Number of the last change shown, where there are older ones. */
  readonly older: number | null;
  readonly unreadable: number;
  readonly chosen: ShownChange | null;
}

export function changesPage({ clinic, of, changes, older, unreadable, chosen }: ChangesPageParts): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'medium' });
  const other = of === 'rules' ? 'settings' : 'rules';
  const body = html`
    <p>
      Every version of ${of === 'rules' ? 'the rules (rules.yaml)' : 'what gateway.yaml says'} that was in force, the newest
      first. Who changes the file itself leaves no name; <code>wardgate rules claim</code> adds one.
    </p>
    ${unreadable > 0 && html`<p class="notice bad" role="alert">${unreadable} notes cannot be believed: they were changed or forged, or their master key is gone.</p>`}
    ${changes.length === 0 && html`<p class="notice">No change is known yet.</p>`} ${changes.length > 0 && table(changes, time)}
    ${chosen !== null && details(chosen)}
    <p class="ways">
      ${older !== null && html`<a class="button" href="${changesPath}?of=${of}&amp;before=${older}">Older</a>`}
      <a class="button plain" href="${changesPath}?of=${other}"
        >${other === 'rules' ? 'Changes of the rules' : 'Changes of gateway.yaml'}</a
      >
      <a class="button plain" href="/.wardgate/console">Who opened what</a>
    </p>
  `;
  const title = of === 'rules' ? 'Changes of the rules' : 'Changes of gateway.yaml';
  return layout({ title, clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function table(changes: readonly KnownChange[], time: Intl.DateTimeFormat): Markup {
  return consoleTable(
    'Changes',
    ['Time', 'Number', 'Who and why', 'Approved by', 'Version', 'Before it', 'What'],
    changes.map((change) => ({
      cells: [
        time.format(Date.parse(change.time)),
        change.sequence,
        who(change, time),
        change.author?.approver ?? '–',
        html`<code title="${change.version}">${change.version.slice(0, digits)}</code>`,
        change.previous === null ? '–' : html`<code title="${change.previous}">${change.previous.slice(0, digits)}</code>`,
        html`<a
          href="${changesPath}?of=${change.of}&amp;change=${change.sequence}#change"
          aria-label="Show change ${change.sequence}"
          >Show</a
        >`,
      ],
    })),
  );
}

function who({ author, byHand }: KnownChange, time: Intl.DateTimeFormat): Child {
  if (author === null) return html`<strong>changed by hand, author not recorded</strong>`;
  const { deed, person, reason } = author;
  const how = byHand ? `changed by hand, claimed ${time.format(Date.parse(author.time))} by` : `${deed} by`;
  return html`${how} ${visible(person)}: ${visible(reason)}`;
}

function details({ sequence, version, previous, effect, lines }: ShownChange): Markup {
  return html`<section id="change" aria-labelledby="change-title">
    <h2 id="change-title">Change ${sequence}</h2>
    <p class="small">From ${previous === null ? 'nothing known' : html`<code>${previous}</code>`} to <code>${version}</code></p>
    <h3>Who gains or loses what</h3>
    ${effect === null && html`<p>Not known.</p>`} ${effect?.length === 0 && html`<p>No role gains or loses anything.</p>`}
    ${
      effect !== null &&
      effect.length > 0 &&
      html`<ul>
        ${effect.map((line) => html`<li>${visible(line)}</li>`)}
      </ul>`
    }
    <h3>The lines</h3>
    ${lines === null ? html`<p>One of the two versions is not kept, so they cannot be compared.</p>` : diff(lines)}
  </section>`;
}

function diff(lines: readonly string[]): Markup {
  if (lines.length === 0) return html`<p>The lines are the same.</p>`;
  const shown = lines.slice(0, mostLines);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Lines that changed">
    <ol class="diff">
      ${shown.map((line) => html`<li class="${kindOf(line)}"><code>${visible(line)}</code></li>`)}
    </ol>
    ${lines.length > mostLines && html`<p>${lines.length - mostLines} further lines: <code>wardgate rules diff</code> shows all.</p>`}
  </div>`;
}

/** The sign in front says it too: colour alone says nothing to many. */
function kindOf(line: string): string {
  return line.startsWith('+ ') ? 'came' : line.startsWith('- ') ? 'went' : '';
}
