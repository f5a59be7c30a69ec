// The console's page of disclosures: whose answers are owed for downloads of emergencies, and the form for what left the clinic by
// paper or telephone. What is on record is read in the reports.

import type { ClinicSettings } from '../config/settings.ts';
import { bases } from '../core/disclosures/disclosure.ts';
import { mostDisclosed } from '../core/disclosures/read-disclosure.ts';
import type { WrittenDisclosure } from '../core/disclosures/read-disclosure.ts';
import type { AskedDownload } from '../disclosure-ports.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { wordsIn } from '../pages/words-in.ts';
import { consoleTable } from './console-table.ts';
import { fieldFault, toldNotice } from './told-notice.ts';
import type { ToldNotice } from './told-notice.ts';

export const disclosuresPath = '/.wardgate/console/disclosures';

export interface ConsoleDisclosuresParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'>;
  readonly owed: readonly AskedDownload[];
  readonly written: WrittenDisclosure & { readonly 'made-on'?: string };
  /** What is wrong with it, or that it is on record; null where nothing was sent. */
  readonly told: ToldNotice | null;
}

const said = wordsIn('en').disclosure;

export function consoleDisclosuresPage({ clinic, owed, written, told }: ConsoleDisclosuresParts): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'short' });
  const body = html`
    ${toldNotice(told)}
    <h2>Answers still owed</h2>
    <p>Files that were downloaded while an emergency access was open. Whoever took one says on their own page where it went.</p>
    ${owed.length === 0 ? html`<p class="notice">No answer is owed.</p>` : owedTable(owed, time)}
    <h2>By paper or telephone</h2>
    <p>
      A disclosure outside treatment, payment and health care operations that did not pass the gateway. It is recorded as told by
      you.
    </p>
    ${form(written, told)}
    <p class="ways"><a class="button plain" href="/.wardgate/console">Who opened what</a></p>
  `;
  return layout({ title: 'Disclosures', clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function owedTable(owed: readonly AskedDownload[], time: Intl.DateTimeFormat): Markup {
  return consoleTable(
    'Answers still owed',
    ['Time', 'Person', 'Rule', 'Category', 'Request'],
    owed.map(({ at, entry }) => ({
      cells: [
        time.format(at),
        entry.subject?.name ?? '–',
        entry.rule ?? '–',
        entry.category ?? '–',
        html`<code>${entry.request ?? '–'}</code>`,
      ],
    })),
  );
}

function form(written: ConsoleDisclosuresParts['written'], told: ToldNotice | null): Markup {
  const field = (name: 'recipient' | 'address' | 'description' | 'purpose', label: string): Markup => {
    const most = mostDisclosed[name];
    return html`<label for="${name}">${label}</label>
      <input
        id="${name}"
        name="${name}"
        value="${written[name] ?? ''}"
        maxlength="${most}"
        autocomplete="off"
        ${fieldFault(told, name)}
      />`;
  };
  return html`<form method="post" action="${disclosuresPath}">
    ${field('recipient', said.recipient)} ${field('address', said.address)} ${field('description', said.description)}
    ${field('purpose', said.purpose)}
    <label for="basis">${said.basis}</label>
    <select id="basis" name="basis" ${fieldFault(told, 'basis')}>
      <option value="">${said.choose}</option>
      ${bases.map((one) =>
        one === written.basis
          ? html`<option value="${one}" selected>${said.bases[one]}</option>`
          : html`<option value="${one}">${said.bases[one]}</option>`,
      )}
    </select>
    <label for="patients">${said.patients}</label>
    <textarea id="patients" name="patients" autocomplete="off" ${fieldFault(told, 'patients')}>
${`\n${written.patients ?? ''}`}</textarea>
    <label for="count">${said.count}</label>
    <input
      id="count"
      name="count"
      inputmode="numeric"
      maxlength="7"
      value="${written.count ?? ''}"
      autocomplete="off"
      ${fieldFault(told, 'count')}
    />
    <label for="made-on">On which day? As 2026-11-02; empty for today</label>
    <input
      id="made-on"
      name="made-on"
      maxlength="10"
      value="${written['made-on'] ?? ''}"
      autocomplete="off"
      ${fieldFault(told, 'made-on')}
    />
    <button type="submit">Record it</button>
  </form>`;
}
