// Finding patients: the search page, the same as JSON, the demographics of one, and the day's schedule.

import { markup } from '../../markup.ts';
import { chosenPatient } from '../chosen-patient.ts';
import { findPatient, listName, patients, searchPatients } from '../patients.ts';
import { answerHtml, answerJsonAsHtml, lastParameter, wholeNumber } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { answerNobody } from './chart.ts';
import { chartTabs, grid, layout, patientHeader } from './layout.ts';

const APPOINTMENTS = 14;
const FIRST_APPOINTMENT_MINUTE = 8 * 60;
const reasons = ['Follow-up', 'Vaccination', 'New complaint', 'Annual check', 'Test results'];

/** `format=json` answers the rows as JSON, at most `limit` of them, labelled as HTML. */
export function showFinder(visit: Visit): void {
  const wanted = lastParameter(visit.query, 'q') ?? '';
  const found = searchPatients(wanted).slice(0, wholeNumber(lastParameter(visit.query, 'limit')) ?? patients.length);
  if (lastParameter(visit.query, 'format') === 'json') return answerJsonAsHtml(visit, { total: patients.length, rows: found });
  const rows = found.map((one) => [
    markup`<a href="/chart?set_pid=${one.pid}">${listName(one)}</a>`,
    one.mrn,
    one.born,
    one.sex,
    one.phone,
    `${one.street}, ${one.city}`,
  ]);
  answerHtml(
    visit,
    layout(
      'Find a patient',
      markup`<h1>Find a patient</h1>
<form class="panel" action="/finder" method="get"><label for="q">Name or record number</label>
<input type="text" name="q" id="q" value="${wanted}"> <button type="submit">Find</button>
<span class="quiet">${found.length} of ${patients.length}</span></form>
${grid(['Name', 'Record', 'Born', 'Sex', 'Telephone', 'Address'], rows)}`,
    ),
  );
}

export function showDemographics(visit: Visit): void {
  const choice = chosenPatient(visit);
  if (choice.chosen !== 'patient') return answerNobody(visit, choice);
  const { patient, named } = choice;
  const rows = [
    ['Record number', patient.mrn],
    ['Family name', patient.familyName],
    ['Given name', patient.givenName],
    ['Born', patient.born],
    ['Sex', patient.sex],
    ['Address', `${patient.street}, ${patient.city}`],
    ['Telephone', patient.phone],
    ['Insurance', patient.insurer],
  ];
  const tabs = chartTabs('Demographics', named ? patient.pid : null);
  answerHtml(visit, layout('Demographics', markup`${patientHeader(patient)}${tabs}${grid(['Field', 'Value'], rows, 'narrow')}`));
}

export function showSchedule(visit: Visit): void {
  const rows = Array.from({ length: APPOINTMENTS }, (_, index) => {
    const minute = FIRST_APPOINTMENT_MINUTE + index * 30;
    const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    const patient = findPatient(1 + ((index * 5) % 24)) ?? patients[0];
    const name = patient === undefined ? '' : markup`<a href="/chart?set_pid=${patient.pid}">${listName(patient)}</a>`;
    return [time, name, reasons[index % reasons.length] ?? '', `Room ${1 + (index % 4)}`];
  });
  answerHtml(visit, layout('Schedule', markup`<h1>Schedule of today</h1>${grid(['Time', 'Patient', 'Reason', 'Where'], rows)}`));
}
