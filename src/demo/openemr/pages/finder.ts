// Finding a patient: the page, and the rows it asks for. The rows are JSON labelled `text/html` and hold social security
// numbers; how many come is up to whoever asks.

import { findPatient, listName, patients } from '../../ehr/patients.ts';
import type { Patient } from '../../ehr/patients.ts';
import { markup } from '../../markup.ts';
import { WEB_ROOT } from '../apache-target.ts';
import { finderScript } from '../client-scripts.ts';
import { phpInteger } from '../php-parameters.ts';
import { answerHtml, answerJson } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { layout } from './layout.ts';

export function showFinder(visit: Visit): void {
  answerHtml(
    visit,
    layout(
      'Patient Finder',
      markup`<form onsubmit="find(); return false"><input type="text" id="search" name="search_any"> <button type="submit">Search</button></form>
<table id="pt_table"></table>
<a href="${WEB_ROOT}/interface/new/new.php">Add New Patient</a>`,
      finderScript,
    ),
  );
}

/** Without `iDisplayStart` there is no limit at all: every patient comes. */
export function sendRows(visit: Visit): void {
  const { get } = visit;
  const columns = (get.get('sColumns') ?? 'name,ss,DOB,pubpid').split(',');
  const sought = (get.get('sSearch') ?? '').trim().toLowerCase();
  const matches = patients.filter((one) => columns.some((column) => fits(one, column, sought)));
  const start = get.has('iDisplayStart') ? phpInteger(get.get('iDisplayStart')) : -1;
  const length = get.has('iDisplayLength') ? phpInteger(get.get('iDisplayLength')) : -1;
  const shown = start >= 0 && length >= 0 ? matches.slice(start, start + length) : matches;
  answerJson(visit, {
    sEcho: phpInteger(get.get('sEcho')),
    iTotalRecords: patients.length,
    iTotalDisplayRecords: matches.length,
    aaData: shown.map((one) => row(one, columns)),
  });
}

/** Each column by its number, as PHP's arrays with a text key become objects. */
function row(patient: Patient, columns: readonly string[]): Record<string, string> {
  const cells = columns.map((column, index) => [String(index), value(patient, column)] as const);
  return { DT_RowId: `pid_${patient.pid}`, ...Object.fromEntries(cells) };
}

function fits(patient: Patient, column: string, sought: string): boolean {
  if (column === 'name') return [patient.familyName, patient.givenName].some((one) => one.toLowerCase().startsWith(sought));
  return value(patient, column).toLowerCase().startsWith(sought);
}

function value(patient: Patient, column: string): string {
  const values: Readonly<Record<string, string>> = {
    name: listName(patient),
    ss: socialSecurityNumber(patient.pid),
    DOB: patient.born,
    pid: String(patient.pid),
    pubpid: patient.mrn,
    phone_home: patient.phone,
  };
  return values[column] ?? '';
}

/** Numbers beginning with 000 are never given out. */
export function socialSecurityNumber(pid: number): string {
  return findPatient(pid) === null ? '' : `000-00-${String(1000 + pid * 41).padStart(4, '0')}`;
}
