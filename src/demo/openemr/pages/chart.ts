// The chart. A request chooses the patient with `set_pid`; all that follows names nobody and means whoever was chosen last
// in this session. Any method chooses, and any number is taken, whether there is such a patient or not.

import { allergiesOf, problemsOf, vitalsOf } from '../../ehr/charts.ts';
import { findPatient } from '../../ehr/patients.ts';
import { markup } from '../../markup.ts';
import type { Markup } from '../../markup.ts';
import { WEB_ROOT } from '../apache-target.ts';
import { chartScript } from '../client-scripts.ts';
import { phpInteger, phpTrue } from '../php-parameters.ts';
import { answerHtml } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { grid, layout } from './layout.ts';

const fragments = [
  'stats',
  'disc_fragment',
  'pnotes_fragment',
  'vitals_fragment',
  'labdata_fragment',
  'clinical_reminders_fragment',
  'patient_reminders_fragment',
] as const;

export function showDemographics(visit: Visit): void {
  if (visit.get.has('set_pid')) visit.session.pid = 0;
  choose(visit);
  const patient = findPatient(visit.session.pid);
  if (patient === null) return answerHtml(visit, layout('Dashboard', markup`<p>No patient is selected.</p>`));
  // Everything else says `pid`; the picture says the number that is printed on paper.
  const picture = `${WEB_ROOT}/controller.php?document&retrieve&patient_id=${patient.mrn}&document_id=-1&as_file=false&original_file=true&disable_exit=false&show_original=true&context=patient_picture`;
  answerHtml(
    visit,
    layout(
      'Dashboard',
      markup`<h1>${patient.givenName} ${patient.familyName} (${patient.pid})</h1><img src="${picture}" alt="">
<p>DOB: ${patient.born} External ID: ${patient.mrn} ${patient.phone}</p>
<a href="${WEB_ROOT}/controller.php?document&amp;list&amp;patient_id=${patient.pid}&amp;">Documents</a>
<a href="${WEB_ROOT}/interface/patient_file/report/patient_report.php">Report</a>
${fragments.map((name) => markup`<div id="${name}"></div>\n`)}`,
      chartScript(fragments),
    ),
  );
}

/** A page that takes `set_pid` and shows little else. */
export function showChosen(visit: Visit): void {
  choose(visit);
  answerHtml(visit, layout('Patient', heading(visit)));
}

/** The notes of whoever is chosen, and a form for another, which names nobody: it is saved with whoever is chosen by then. */
export function showNotes(visit: Visit): void {
  choose(visit);
  const { session, emr, post } = visit;
  const notes = emr.notes.get(session.pid) ?? [];
  const text = post.get('note') ?? '';
  if (text !== '') notes.push({ by: session.user.name, text });
  emr.notes.set(session.pid, notes);
  const form = markup`<form method="post" action="pnotes_full.php"><textarea name="note"></textarea><button>Save</button></form>`;
  answerHtml(visit, layout('Notes', markup`${heading(visit)}${form}${notes.map((note) => markup`<p>${note.text}</p>`)}`));
}

/** Takes the patient, answers nothing. */
export function setPatient(visit: Visit): void {
  choose(visit);
  answerHtml(visit, '');
}

export function unsetPatient(visit: Visit): void {
  if (visit.post.get('func') === 'unset_pid') visit.session.pid = 0;
  answerHtml(visit, '');
}

export function showEncounters(visit: Visit): void {
  const visits = vitalsOf(visit.session.pid).map((one) => [one.date, one.bloodPressure, one.weight]);
  answerHtml(visit, layout('Visits', markup`${heading(visit)}${grid(['Date', 'BP', 'Weight'], visits)}`));
}

/** Parts of the chart: no document around them, no patient in the request. */
export function showStats(visit: Visit): void {
  const { pid } = visit.session;
  answerHtml(
    visit,
    markup`<div>Allergies: ${allergiesOf(pid).join(', ')}</div><div>Problems: ${problemsOf(pid).join(', ')}</div>\n`,
  );
}

export function showVitals(visit: Visit): void {
  const rows = vitalsOf(visit.session.pid).map((one) => [one.date, one.bloodPressure, one.pulse, one.temperature]);
  answerHtml(visit, grid(['Date', 'BP', 'Pulse', 'Temp'], rows));
}

export function showFragment(visit: Visit): void {
  answerHtml(visit, markup`<div class="small">Nothing for ${chosenName(visit)}</div>\n`);
}

/** Without a number, or with 0, nobody is chosen, and everything but the dashboard goes on with whoever was before. */
function choose({ get, session }: Visit): void {
  const wanted = get.get('set_pid');
  if (wanted !== undefined && phpTrue(wanted)) session.pid = phpInteger(wanted);
}

function heading(visit: Visit): Markup {
  return markup`<h1>${chosenName(visit)} (${visit.session.pid})</h1>`;
}

function chosenName({ session }: Visit): string {
  const patient = findPatient(session.pid);
  return patient === null ? '' : `${patient.givenName} ${patient.familyName}`;
}
