// Bytes out of OpenMRS: attachments and printed sheets. An attachment has no Content-Disposition; its name stands in headers
// of the product's own.

import { documentsOf } from '../ehr/charts.ts';
import { pdfFile } from '../ehr/files/pdf-file.ts';
import { listName } from '../ehr/patients.ts';
import type { Patient } from '../ehr/patients.ts';
import { answerBytes } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { attachmentBytes, patientOf, recordOf } from './records.ts';
import { answerNotFound } from './rest-patients.ts';

/** `attachment/UUID/bytes`, `patientdocuments/patientIdSticker?patientUuid=`, `patientdocuments/visitSummary?visitUuid=`. */
export function runDocument(exchange: Exchange, name: string | undefined): void {
  switch (name ?? '') {
    case 'patientIdSticker':
      return sendSheet(exchange, patientOf(exchange.query.get('patientUuid')), 'patient-id-sticker');
    case 'visitSummary':
      // Names a visit only; the patient is in the bytes.
      return sendSheet(exchange, recordOf('visit', exchange.query.get('visitUuid') ?? '')?.patient ?? null, 'visit-summary');
    default:
      return sendAttachment(exchange, name ?? '');
  }
}

function sendAttachment(exchange: Exchange, uuid: string): void {
  const found = recordOf('attachment', uuid);
  if (found === null) return answerNotFound(exchange);
  const headers = {
    'Content-Type': 'image/png',
    'Content-Family': 'IMAGE',
    'File-Name': `${found.display}.png`,
    'File-Ext': 'png',
  };
  answerBytes(exchange, headers, attachmentBytes(found));
}

function sendSheet(exchange: Exchange, patient: Patient | null, name: string): void {
  if (patient === null) return answerNotFound(exchange);
  const lines = [listName(patient), patient.mrn, ...(documentsOf(patient.pid)[0]?.lines ?? [])];
  answerBytes(
    exchange,
    { 'Content-Type': 'application/pdf', 'Content-Disposition': `inline; filename=${name}.pdf` },
    pdfFile(lines),
  );
}
