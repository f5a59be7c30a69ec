// The two lists of the office, patients and claims. Their exports hide in posts, one of them to the address of the view,
// and one of the headers is misspelt, all as found in real products.

import { markup } from '../../markup.ts';
import { claimListCsv, claimRows } from '../files/claim-list.ts';
import { patientListCsv } from '../files/patient-list.ts';
import { listName, patients } from '../patients.ts';
import { readForm } from '../read-form.ts';
import { answerFile, answerHtml } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { grid, layout } from './layout.ts';

export function showPatientList(visit: Visit): void {
  const rows = patients.map((one) => [one.mrn, listName(one), one.born, one.sex, one.phone, one.insurer]);
  answerHtml(
    visit,
    layout(
      'Patient list',
      markup`<h1>Report: patient list</h1>
<form class="panel" method="post" action="/reports/patients"><button type="submit" name="form_refresh" value="true">Refresh</button>
<button type="submit" name="form_csvexport" value="true">Export as CSV</button> <span class="quiet">${patients.length} patients</span></form>
${grid(['Record', 'Name', 'Born', 'Sex', 'Telephone', 'Insurance'], rows)}`,
    ),
  );
}

/** Any value but none and "0" asks for the export, as scripting languages of that age judge truth. */
export async function postPatientList(visit: Visit): Promise<void> {
  const wanted = (await readForm(visit.request)).get('form_csvexport') ?? '';
  if (wanted === '' || wanted === '0') return showPatientList(visit);
  const headers = {
    'Content-Type': 'application/force-download',
    'Content-Disposition': 'attachment; filename=patient_list.csv',
    'Content-Description': 'File Transfer',
    Pragma: 'public',
  };
  answerFile(visit, headers, patientListCsv());
}

export function showClaims(visit: Visit): void {
  answerHtml(
    visit,
    layout(
      'Claims',
      markup`<h1>Claims</h1>
<form class="panel" method="post" action="/billing/claims/export"><button type="submit">Export claims</button></form>
${grid(['Claim', 'Patient', 'Insurance', 'Amount', 'State'], claimRows())}`,
    ),
  );
}

/** `attachement` is misspelt on purpose. */
export function exportClaims(visit: Visit): void {
  const headers = { 'Content-Type': 'text/csv', 'Content-Disposition': 'attachement; filename=claims.csv' };
  answerFile(visit, headers, claimListCsv());
}
