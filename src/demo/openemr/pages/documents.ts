// `controller.php`: the first two names of the query say what happens, and they have no value. Whose document it is, the
// document knows; the patient in the address is a claim that nobody checks.

import { documentsOf } from '../../ehr/charts.ts';
import { pdfFile } from '../../ehr/files/pdf-file.ts';
import { findPatient, patients } from '../../ehr/patients.ts';
import { markup } from '../../markup.ts';
import { WEB_ROOT } from '../apache-target.ts';
import { phpInteger } from '../php-parameters.ts';
import { answerFile, answerHtml } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { layout } from './layout.ts';

interface StoredDocument {
  readonly id: number;
  readonly pid: number;
  readonly title: string;
  readonly lines: readonly string[];
}

/** Numbered through all patients from 1. */
const stored: readonly StoredDocument[] = patients
  .flatMap(({ pid }) => documentsOf(pid).map(({ title, lines }) => ({ pid, title, lines })))
  .map((one, index) => ({ id: index + 1, ...one }));

const actions: ReadonlyMap<string, (visit: Visit) => void> = new Map([
  ['list', showList],
  ['view', showOne],
  ['retrieve', sendOne],
  ['upload', showUpload],
]);

/** The numbers of a patient's documents. */
export function documentIdsOf(pid: number): readonly number[] {
  return stored.filter((one) => one.pid === pid).map(({ id }) => id);
}

export function runController(visit: Visit): void {
  const [controller, action] = [...visit.get.keys()];
  if (controller !== 'document') return answerHtml(visit, '');
  const run = actions.get(action ?? '');
  if (run === undefined) answerHtml(visit, '');
  else run(visit);
}

function showList(visit: Visit): void {
  const pid = phpInteger(visit.get.get('patient_id'));
  const items = stored
    .filter((one) => one.pid === pid)
    .map((one) => markup`<li><a href="${address('view', pid, `doc_id=${one.id}`)}">${one.title}</a></li>\n`);
  answerHtml(visit, layout('Documents', markup`<h1>Documents</h1><ul>${items}</ul>`));
}

function showOne(visit: Visit): void {
  const pid = phpInteger(visit.get.get('patient_id'));
  const id = phpInteger(visit.get.get('doc_id'));
  const source = address('retrieve', pid, `document_id=${id}&as_file=false`);
  answerHtml(
    visit,
    layout(
      'Document',
      markup`<a href="${address('retrieve', pid, `document_id=${id}`)}">Download</a><iframe src="${source}"></iframe>`,
    ),
  );
}

function showUpload(visit: Visit): void {
  const form = markup`<form method="post" enctype="multipart/form-data"><input type="file" name="file[]"></form>`;
  answerHtml(visit, layout('Upload', form));
}

function sendOne(visit: Visit): void {
  if (visit.get.get('context') === 'patient_picture') return sendPicture(visit);
  const id = phpInteger(visit.get.get('document_id'));
  // By its number alone: the claimed `patient_id` is not compared (mended in 8.2).
  const found = stored.find((one) => one.id === id);
  if (found === undefined) return answerHtml(visit, 'The requested document is not present at the expected location.');
  const name = `${findPatient(found.pid)?.familyName ?? ''}_${found.title.replaceAll(' ', '-')}.pdf`;
  const disposition = visit.get.get('as_file') === 'false' ? 'inline' : 'attachment';
  answerFile(
    visit,
    {
      'Content-Type': 'application/pdf',
      'Content-Disposition': `${disposition}; filename="${name}"`,
      'Cache-Control': 'public',
      Pragma: 'public',
    },
    pdfFile(found.lines),
  );
}

/** Nobody has a picture: a file without a name and without a byte, with every chart that is opened. */
function sendPicture(visit: Visit): void {
  answerFile(
    visit,
    { 'Content-Type': 'text/html; charset=UTF-8', 'Content-Disposition': 'inline; filename=""', 'Cache-Control': 'public' },
    '',
  );
}

/** Keys without values, and an `&` at the end: a query that no parser writes back as it was. */
function address(action: string, pid: number, more: string): string {
  return `${WEB_ROOT}/controller.php?document&${action}&patient_id=${pid}&${more}&`;
}
