// OpenMRS's FHIR interface, `/openmrs/ws/fhir2/R4`, as far as its new pages use it: patients and observations.

import { searchPatients } from '../ehr/patients.ts';
import type { Patient } from '../ehr/patients.ts';
import { logInByBasic } from './basic.ts';
import { answerJson, answerTomcat, may, originOf } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { patientOf, patientUuid, recordOf, recordsOf } from './records.ts';
import type { PatientRecord } from './records.ts';

export const FHIR_ROOT = '/openmrs/ws/fhir2/R4';

const PAGE_DEFAULT = 10;
const FHIR_TYPE = { 'Content-Type': 'application/fhir+json;charset=UTF-8' };

/** A session that is over is no fault here: it is nobody's, and Basic may come with it. */
export function runFhir(exchange: Exchange): void {
  const [type = '', id] = exchange.path.slice(FHIR_ROOT.length + 1).split('/');
  if (type === 'metadata') return answerFhir(exchange, { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' });
  logInByBasic(exchange);
  const { user } = exchange.session;
  if (user === null) return answerTomcat(exchange.response, 401, 'Not authenticated');
  if (!may(user, type === 'Observation' ? 'Get Observations' : 'Get Patients')) return answerOutcome(exchange, 403, 'security');
  if (type === '') return sendNextPage(exchange);
  if (type === 'Patient') return runPatient(exchange, id);
  if (type === 'Observation') return runObservation(exchange, id);
  answerOutcome(exchange, 404, 'not-supported');
}

function runPatient(exchange: Exchange, id: string | undefined): void {
  if (id === undefined || id === '') {
    return sendBundle(exchange, searchPatients(exchange.query.get('name') ?? '').map(patientResource));
  }
  const patient = patientOf(id);
  if (patient === null) answerOutcome(exchange, 404, 'not-found');
  else answerFhir(exchange, patientResource(patient));
}

/** `subject:Patient=`, `patient=`, `subject=Patient/`: three names for one thing. */
function runObservation(exchange: Exchange, id: string | undefined): void {
  if (id !== undefined && id !== '') {
    const found = recordOf('obs', id);
    return found === null ? answerOutcome(exchange, 404, 'not-found') : answerFhir(exchange, observationResource(found));
  }
  const { query } = exchange;
  const named = query.get('subject:Patient') ?? query.get('patient') ?? query.get('subject');
  const patient = patientOf(named?.replace(/^Patient\//, ''));
  sendBundle(exchange, patient === null ? [] : recordsOf('obs', patient).map(observationResource));
}

function sendBundle(exchange: Exchange, found: readonly unknown[]): void {
  sendPage(exchange, exchange.mrs.pages.keep(found), found, 0);
}

/** `?_getpages=`: no patient and no question. */
function sendNextPage(exchange: Exchange): void {
  const id = exchange.query.get('_getpages') ?? '';
  const found = exchange.mrs.pages.find(id);
  if (found === null) return answerOutcome(exchange, 410, 'expired');
  sendPage(exchange, id, found, Number(exchange.query.get('_getpagesoffset') ?? '0'));
}

function sendPage(exchange: Exchange, id: string, found: readonly unknown[], offset: number): void {
  const count = Number(exchange.query.get('_count') ?? PAGE_DEFAULT);
  const root = originOf(exchange.request) + FHIR_ROOT;
  const next = `${root}?_getpages=${id}&_getpagesoffset=${offset + count}&_count=${count}&_bundletype=searchset`;
  answerFhir(exchange, {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length,
    link: offset + count < found.length ? [{ relation: 'next', url: next }] : [],
    entry: found.slice(offset, offset + count).map((resource) => ({ resource })),
  });
}

function patientResource(patient: Patient): Record<string, unknown> {
  return {
    resourceType: 'Patient',
    id: patientUuid(patient.pid),
    identifier: [{ value: patient.mrn }],
    name: [{ family: patient.familyName, given: [patient.givenName] }],
    gender: patient.sex === 'F' ? 'female' : 'male',
    birthDate: patient.born,
  };
}

function observationResource({ uuid, display, patient }: PatientRecord): Record<string, unknown> {
  return {
    resourceType: 'Observation',
    id: uuid,
    code: { text: display },
    subject: { reference: `Patient/${patientUuid(patient.pid)}` },
  };
}

function answerFhir(exchange: Exchange, resource: unknown): void {
  answerJson(exchange, resource, 200, FHIR_TYPE);
}

function answerOutcome(exchange: Exchange, status: number, code: string): void {
  answerJson(exchange, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] }, status, FHIR_TYPE);
}
