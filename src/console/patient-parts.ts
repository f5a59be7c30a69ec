// Patients on the page of records: whose records are shown, among whom somebody chooses where several have a name, and who
// stands in a row.

import { isPatientToken } from '../core/patients/patient-token.ts';
import type { FoundPatient, KnownPatient } from '../directory-ports.ts';
import { html } from '../pages/html.ts';
import type { Child, Markup } from '../pages/html.ts';
import type { ShownPatient } from '../patient-ports.ts';
import { recordAddress } from './record-query.ts';
import type { RecordForm } from './record-query.ts';

/** Characters of a token that tell two patients apart on a page. */
const tokenStart = 7;

export function whoseRecords(form: RecordForm, whose: FoundPatient): Markup {
  if (whose.found === 'several') return candidates(form, whose);
  const { patient } = whose;
  if (patient === null)
    return html`<p class="notice">
      No patient of that id or name stands in the directory; records are looked for by the id as it was typed.
    </p>`;
  return html`<p class="notice">
    Records of <strong>${patient.name}</strong>${born(patient)}: ${idsOf(patient)}${gone(patient)}.
  </p>`;
}

function candidates(form: RecordForm, { patients, more }: Extract<FoundPatient, { found: 'several' }>): Markup {
  return html`<div class="notice">
    <p>Several patients have that name. Whose records?</p>
    <ul>
      ${patients.map(
        (one) =>
          html`<li>
            <a href="${recordAddress({ ...form, patient: one.tokens[0] ?? '', before: null }, null)}">${one.name}</a>${born(one)}:
            ${idsOf(one)}${gone(one)}
          </li>`,
      )}
    </ul>
    ${more && html`<p>There are more; write more of the name.</p>`}
  </div>`;
}

function born({ birthDate }: KnownPatient): string {
  return birthDate === null ? '' : `, born ${birthDate}`;
}

function gone({ goneAt }: KnownPatient): string {
  return goneAt === null ? '' : ', not in the directory any more';
}

function idsOf({ ids }: KnownPatient): string {
  return ids.map(({ kind, id, former }) => `${kind} ${id}${former === true ? ' (former)' : ''}`).join(', ');
}

/** A record that is older than tokens has the id itself. */
export function patientCell(recorded: string | null, known: ReadonlyMap<string, ShownPatient>): Child {
  if (recorded === null) return '–';
  const shown = known.get(recorded);
  if (shown !== undefined) return shown.name === null ? shown.id : `${shown.name} (${shown.id})`;
  if (!isPatientToken(recorded)) return recorded;
  const all = `/.wardgate/console?${new URLSearchParams({ patient: recorded, days: 'all' }).toString()}`;
  return html`unknown patient <a href="${all}"><code>${recorded.slice(0, tokenStart)}…</code></a>`;
}
