// What an event was about, as FHIR entities: the request's id, the data or the query, the patient, the person concerned, and the
// record itself, so that the event leads back to the evidence.

import type { AuditMessage } from '../message/audit-message.ts';
import { coding, said, systems } from './codes.ts';
import type { FhirObject } from './codes.ts';
import { personIdentity } from './agents.ts';

const roles = {
  '1': 'Patient',
  '3': 'Report',
  '4': 'Domain Resource',
  '11': 'Security User Entity',
  '13': 'Security Resource',
  '24': 'Query',
} as const;
const person = coding(systems.entityType, '1', 'Person');
const system = coding(systems.entityType, '2', 'System Object');

export function entitiesOf(message: AuditMessage): FhirObject[] {
  return [...requestId(message), ...subjectMatter(message), ...patient(message), ...concerned(message), evidence(message)];
}

function requestId({ request }: AuditMessage): FhirObject[] {
  if (request === null) return [];
  return [{ what: { identifier: said({ value: request }) }, type: coding(systems.balpEntity, 'XrequestId') }];
}

function subjectMatter({ access, requestLine, target, application, meaning, source }: AuditMessage): FhirObject[] {
  if (meaning.id === '110101')
    return [{ what: { identifier: { value: source } }, type: system, role: role('13'), name: 'Security Audit Log' }];
  // What was disclosed: a download, or papers that no request of ours carried.
  if (meaning.id === '110106')
    return [{ what: { identifier: identifierAt(target ?? 'not a download', application) }, type: system, role: role('3') }];
  if (requestLine === null || target === null) return [];
  if (access === 'query') {
    const query = Buffer.from(requestLine).toString('base64');
    return [said({ type: system, role: role('24'), description: requestLine, query })];
  }
  const identifier = identifierAt(target, application);
  return [{ what: { identifier }, type: system, role: role(access === null ? '13' : '4') }];
}

/** A logical reference: the EHR's own number and whose it is, or our token and its system. */
function patient({ patient: identity, application }: AuditMessage): FhirObject[] {
  if (identity === null) return [];
  const { value, system: of } = identity;
  const identifier = of === null ? identifierAt(value, application) : { system: of, value };
  return [{ what: { type: 'Patient', identifier }, type: person, role: role('1') }];
}

function concerned({ person: subject }: AuditMessage): FhirObject[] {
  if (subject?.part !== 'object') return [];
  const what = said({ identifier: personIdentity(subject), display: subject.name });
  return [{ what, type: person, role: role('11') }];
}

function evidence({ sequence, hash, details }: AuditMessage): FhirObject {
  const all = [['seq', String(sequence)] as const, ['hash', hash] as const, ...details];
  const detail = all.map(([type, valueString]) => said({ type, valueString }));
  return { what: { identifier: { value: hash } }, type: system, role: role('13'), name: 'Wardgate audit record', detail };
}

function identifierAt(value: string, application: string | null): FhirObject {
  return said({ value, assigner: application === null ? null : said({ display: application }) });
}

function role(code: keyof typeof roles): FhirObject {
  return coding(systems.objectRole, code, roles[code]);
}
