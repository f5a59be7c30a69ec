// Documents and pictures of a patient. The headers are as careless as in real products: the patient's name in the file
// name, `Cache-Control: public`, an archive whose disposition lacks its type and whose end is the end of the connection.

import { markup } from '../../markup.ts';
import { IMAGES_PER_PATIENT, documentsOf } from '../charts.ts';
import { chosenPatient } from '../chosen-patient.ts';
import { pdfFile } from '../files/pdf-file.ts';
import { pngPicture } from '../files/png-file.ts';
import { zipFile } from '../files/zip-file.ts';
import { findPatient } from '../patients.ts';
import { answerFile, answerText, lastParameter, wholeNumber } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { answerHtml } from '../visit.ts';
import { answerNobody } from './chart.ts';
import { chartTabs, grid, layout, patientHeader } from './layout.ts';

export function showDocuments(visit: Visit): void {
  const choice = chosenPatient(visit);
  if (choice.chosen !== 'patient') return answerNobody(visit, choice);
  const { patient, named } = choice;
  const rows = documentsOf(patient.pid).map((one) => [
    markup`<a href="/documents/file?pid=${patient.pid}&amp;doc=${one.doc}">${one.title}</a>`,
    one.date,
    'PDF',
  ]);
  const images = Array.from({ length: IMAGES_PER_PATIENT }, (_, index) => index + 1);
  answerHtml(
    visit,
    layout(
      'Documents',
      markup`${patientHeader(patient)}${chartTabs('Documents', named ? patient.pid : null)}
<div class="panel"><h2>Documents</h2>${grid(['Title', 'Date', 'Kind'], rows)}
<p class="buttons"><a href="/documents/archive?pid=${patient.pid}">All documents as one archive</a> &nbsp;
<a href="/letters/${patient.pid}/1">Write a letter</a></p></div>
<div class="panel pictures"><h2>Pictures</h2>${images.map((image) => markup`<a href="/images/${patient.pid}/${image}"><img src="/images/${patient.pid}/${image}" alt="Picture ${image}"></a>`)}</div>`,
    ),
  );
}

export function sendDocument(visit: Visit): void {
  const patient = findPatient(wholeNumber(lastParameter(visit.query, 'pid')) ?? 0);
  const wanted = wholeNumber(lastParameter(visit.query, 'doc'));
  const found = patient === null ? undefined : documentsOf(patient.pid).find((one) => one.doc === wanted);
  if (patient === null || found === undefined) return answerText(visit, 'No such document\n', 404);
  const name = `${patient.familyName}_${patient.givenName}_${found.title.replaceAll(' ', '-')}_${patient.pid}.pdf`;
  const headers = {
    'Content-Type': 'application/pdf',
    'Content-Disposition': `attachment; filename="${name}"`,
    'Cache-Control': 'public',
    Pragma: 'public',
  };
  answerFile(visit, headers, pdfFile(found.lines));
}

/** Neither a length nor chunks: the end of the connection is the end of the file (RFC 9112, section 6.3, rule 8). */
export function sendArchive(visit: Visit): void {
  const patient = findPatient(wholeNumber(lastParameter(visit.query, 'pid')) ?? 0);
  if (patient === null) return answerText(visit, 'No such patient\n', 404);
  const entries = documentsOf(patient.pid).map((one) => ({
    name: `${one.doc}-${one.title.replaceAll(' ', '-')}.pdf`,
    bytes: pdfFile(one.lines),
  }));
  const { response } = visit;
  response.useChunkedEncodingByDefault = false;
  response.shouldKeepAlive = false;
  response.writeHead(200, {
    'Content-Type': 'application/zip',
    'Content-Disposition': `filename="${patient.familyName}_${patient.givenName}.zip"`,
  });
  response.flushHeaders();
  response.end(zipFile(entries));
}

/** Picture 0 is the portrait: everybody's is empty, and every chart asks for it. */
export function sendImage(visit: Visit): void {
  const pid = wholeNumber(visit.captures.get('patient'));
  const image = wholeNumber(visit.captures.get('image'));
  if (pid === null || image === null || findPatient(pid) === null || image > IMAGES_PER_PATIENT) {
    return answerText(visit, 'No such picture\n', 404);
  }
  const headers = { 'Content-Type': 'image/png', 'Content-Disposition': 'inline; filename=""', 'Cache-Control': 'public' };
  answerFile(visit, headers, image === 0 ? '' : pngPicture(pid, image));
}
