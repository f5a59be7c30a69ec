// Patients by UUID and by search, and what belongs to them. A record of the chart has an address without its patient: whose
// it is stands in the answer alone.

import { listName, searchPatients } from '../ehr/patients.ts';
import type { Patient } from '../ehr/patients.ts';
import { answerJson, originOf } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { patientOf, patientUuid, recordOf, recordsOf, uuidOf } from './records.ts';
import type { Kind, PatientRecord } from './records.ts';

const PAGE_DEFAULT = 50;

export function showPatient(exchange: Exchange, uuid: string): void {
  const patient = patientOf(uuid);
  if (patient === null) answerNotFound(exchange);
  else answerJson(exchange, patientJson(patient));
}

/** `?q=`; the link to the next page is absolute, and a client may refuse it where its origin is not the window's. */
export function listPatients(exchange: Exchange): void {
  const { query, request, path } = exchange;
  const sought = query.get('q');
  const found = sought === null ? [] : searchPatients(sought);
  const limit = number(query.get('limit')) ?? PAGE_DEFAULT;
  const start = number(query.get('startIndex')) ?? 0;
  const next = new URLSearchParams(query);
  next.set('startIndex', String(start + limit));
  const links = [{ rel: 'next', uri: `${originOf(request)}${path}?${next.toString()}` }];
  const results = found.slice(start, start + limit).map(patientJson);
  answerJson(exchange, start + limit < found.length ? { results, links } : { results });
}

/** By UUID, or all of one patient's; a post makes one more, which is forgotten at once. */
export function showRecord(exchange: Exchange, kind: Kind, uuid: string | undefined): void {
  if (exchange.request.method === 'POST') return createRecord(exchange, kind);
  if (uuid === undefined || uuid === '') {
    const patient = patientOf(exchange.query.get('patient'));
    return answerJson(exchange, { results: patient === null ? [] : recordsOf(kind, patient).map(recordJson) });
  }
  const found = recordOf(kind, uuid);
  if (found === null) answerNotFound(exchange);
  else answerJson(exchange, recordJson(found));
}

export function answerNotFound(exchange: Exchange): void {
  const message = '[Object with given uuid does not exist]';
  answerJson(exchange, { error: { message, code: 'ObjectNotFoundException', detail: '' } }, 404);
}

/** The patient stands in the JSON body. */
function createRecord(exchange: Exchange, kind: Kind): void {
  const sent: unknown = JSON.parse(exchange.body.toString('utf8'));
  const named = typeof sent === 'object' && sent !== null && 'patient' in sent ? sent.patient : null;
  const patient = patientOf(typeof named === 'string' ? named : null);
  if (patient === null) {
    return answerJson(
      exchange,
      { error: { message: '[Invalid Submission]', code: 'webservices.rest.error.invalid.submission' } },
      400,
    );
  }
  answerJson(exchange, recordJson({ uuid: uuidOf(`new ${kind} ${Date.now()}`), kind, display: 'New', patient }), 201);
}

function patientJson(patient: Patient): Record<string, unknown> {
  const uuid = patientUuid(patient.pid);
  return {
    uuid,
    display: `${patient.mrn} - ${patient.givenName} ${patient.familyName}`,
    identifiers: [{ uuid: uuidOf(patient.mrn), display: `OpenMRS ID = ${patient.mrn}`, identifier: patient.mrn }],
    person: { uuid, display: listName(patient), gender: patient.sex, birthdate: `${patient.born}T00:00:00.000+0000` },
    voided: false,
  };
}

function recordJson({ uuid, display, patient }: PatientRecord): Record<string, unknown> {
  return { uuid, display, patient: { uuid: patientUuid(patient.pid), display: `${patient.mrn} - ${listName(patient)}` } };
}

function number(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null;
}
