// The chart: who the patient is, allergies and problems, with vitals and notes loaded as pieces of their own. A page that
// was opened for the carried patient asks for pieces without any number, which is what makes such applications hard to watch.

import { markup } from '../../markup.ts';
import type { Markup } from '../../markup.ts';
import { allergiesOf, problemsOf, vitalsOf } from '../charts.ts';
import { chosenPatient, selectPatient } from '../chosen-patient.ts';
import type { ChosenPatient } from '../chosen-patient.ts';
import { listName } from '../patients.ts';
import type { Patient } from '../patients.ts';
import { readForm } from '../read-form.ts';
import { answerHtml, redirect } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { chartTabs, grid, layout, patientHeader } from './layout.ts';

export function showChart(visit: Visit): void {
  const choice = selectPatient(visit);
  if (choice.chosen !== 'patient') return answerNobody(visit, choice);
  const { patient, named } = choice;
  const query = named ? `?pid=${patient.pid}` : '';
  answerHtml(
    visit,
    layout(
      listName(patient),
      markup`${patientHeader(patient)}${chartTabs('Chart', named ? patient.pid : null)}
<div class="columns"><div>
<div class="panel"><h2>Allergies</h2>${bullets(allergiesOf(patient.pid), 'No known allergies')}</div>
<div class="panel"><h2>Problems</h2>${bullets(problemsOf(patient.pid), 'No problems on record')}</div>
<div class="panel"><h2>Vitals</h2><div data-fragment="/chart/vitals${query}"><span class="quiet">Loading ...</span></div></div>
</div><div class="panel"><h2>Notes</h2><iframe class="fragment" title="Notes" src="/chart/notes${query}"></iframe></div></div>`,
    ),
  );
}

/** A piece of a page, not a page. */
export function showVitals(visit: Visit): void {
  const choice = chosenPatient(visit);
  if (choice.chosen !== 'patient') return answerNobody(visit, choice);
  const rows = vitalsOf(choice.patient.pid).map((one) => [one.date, one.bloodPressure, one.pulse, one.temperature, one.weight]);
  const none = markup`<span class="quiet">No vitals on record</span>`;
  answerHtml(visit, rows.length === 0 ? none : grid(['Date', 'BP', 'Pulse', 'Temp.', 'Weight'], rows));
}

export function showNotes(visit: Visit): void {
  const choice = chosenPatient(visit);
  if (choice.chosen !== 'patient') return answerNobody(visit, choice);
  const notes = visit.ehr.notes.of(choice.patient.pid);
  answerHtml(
    visit,
    layout(
      'Notes',
      markup`<form method="post" action="${notesAddress(choice.patient, choice.named)}">
<textarea name="note" rows="3" aria-label="New note"></textarea>
<p class="buttons"><button type="submit">Add note</button></p></form>
${notes.map((note) => markup`<div class="note"><span class="quiet">${note.date}, ${note.by}</span>\n${note.text}</div>`)}`,
      { kind: 'plain' },
    ),
  );
}

export async function postNote(visit: Visit): Promise<void> {
  const form = await readForm(visit.request);
  const choice = chosenPatient(visit);
  if (choice.chosen !== 'patient') return answerNobody(visit, choice);
  const text = form.get('note')?.trim() ?? '';
  if (text !== '') visit.ehr.notes.add(choice.patient.pid, visit.session.user.displayName, text);
  redirect(visit, notesAddress(choice.patient, choice.named));
}

/** What any page about a patient answers when there is none. */
export function answerNobody(visit: Visit, choice: Exclude<ChosenPatient, { chosen: 'patient' }>): void {
  const [status, text] =
    choice.chosen === 'nobody'
      ? ([200, 'No patient selected'] as const)
      : ([404, `No patient has the number "${choice.text}"`] as const);
  const body = markup`<div class="message">${text}</div><p><a href="/finder">Find a patient</a></p>`;
  answerHtml(visit, layout(text, body), status);
}

function notesAddress(patient: Patient, named: boolean): string {
  return named ? `/chart/notes?pid=${patient.pid}` : '/chart/notes';
}

function bullets(items: readonly string[], none: string): Markup {
  return items.length === 0
    ? markup`<span class="quiet">${none}</span>`
    : markup`<ul>${items.map((item) => markup`<li>${item}</li>`)}</ul>`;
}
