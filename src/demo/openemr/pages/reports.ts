// Lists and letters. The export of all patients is a post to the address of the view, and the printed chart is of whoever
// the session has chosen, whatever the request says.

import { documentsOf } from '../../ehr/charts.ts';
import { patientListCsv } from '../../ehr/files/patient-list.ts';
import { pdfFile } from '../../ehr/files/pdf-file.ts';
import { tarFile } from '../../ehr/files/tar-file.ts';
import { findPatient, listName, patients } from '../../ehr/patients.ts';
import { markup } from '../../markup.ts';
import { phpTrue } from '../php-parameters.ts';
import { answerFile, answerHtml } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { grid, layout } from './layout.ts';

/** One address: a form, a list, or all patients as a file. */
export function patientList(visit: Visit): void {
  if (phpTrue(visit.post.get('form_csvexport'))) return exportPatients(visit);
  const rows = patients.map((one) => [one.pid, listName(one), one.street, one.city, one.phone]);
  const list = phpTrue(visit.post.get('form_refresh')) ? grid(['Id', 'Patient', 'Street', 'City', 'Home Phone'], rows) : null;
  answerHtml(
    visit,
    layout(
      'Patient List',
      markup`<form name="theform" method="post" action="patient_list.php" onsubmit="return top.restoreSession()">
<button type="submit" name="form_refresh" value="true">Submit</button>
<button type="submit" name="form_csvexport" value="true">Export to CSV</button></form>${list}`,
    ),
  );
}

function exportPatients(visit: Visit): void {
  const headers = {
    Pragma: 'public',
    Expires: '0',
    'Cache-Control': 'must-revalidate, post-check=0, pre-check=0',
    'Content-Type': 'application/force-download',
    'Content-Disposition': 'attachment; filename=patient_list.csv',
    'Content-Description': 'File Transfer',
  };
  answerFile(visit, headers, patientListCsv());
}

export function showReportForm(visit: Visit): void {
  answerHtml(
    visit,
    layout(
      'Patient Report',
      markup`<form method="post" action="custom_report.php" onsubmit="return top.restoreSession()">
<button type="submit" name="pdf" value="0">Generate Report</button> <button type="submit" name="pdf" value="1">Download PDF</button></form>`,
    ),
  );
}

/** `pid` in query or body is not looked at. The file is named after the patient, and caches are told to keep it. */
export function customReport(visit: Visit): void {
  const { pid } = visit.session;
  const patient = findPatient(pid);
  const lines = [`Patient report ${patient === null ? '' : listName(patient)}`, ...documentsOf(pid).flatMap((one) => one.lines)];
  if (!phpTrue(visit.both.get('pdf'))) return answerHtml(visit, layout('Patient Report', markup`<pre>${lines.join('\n')}</pre>`));
  const name = `${patient?.givenName ?? ''}_${patient?.familyName ?? ''}_${pid}_report.pdf`.toLowerCase();
  const headers = {
    'Content-Type': 'application/pdf',
    // With a small "d", as the product's PDF library writes it.
    'Content-disposition': `attachment; filename="${name}"`,
    'Cache-Control': 'public',
    Pragma: 'public',
  };
  answerFile(visit, headers, pdfFile(lines));
}

/** The whole database as one file, for whoever may open the page. */
export function backUp(visit: Visit): void {
  if (!phpTrue(visit.both.get('form_step'))) {
    return answerHtml(
      visit,
      layout('Backup', markup`<form method="post"><button name="form_step" value="104">Create Backup</button></form>`),
    );
  }
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': 'attachment; filename=emr_backup.tar',
    'Content-Description': 'File Transfer',
    'Cache-Control': 'must-revalidate, post-check=0, pre-check=0',
  };
  answerFile(visit, headers, tarFile([{ name: 'patient_data.csv', bytes: Buffer.from(patientListCsv()) }]));
}
