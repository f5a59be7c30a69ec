// What an event was about, as participant objects of a DICOM audit message. The last one is the record itself with its number and
// hash, so that the message leads back to the evidence.

import type { Access, AuditMessage } from '../message/audit-message.ts';
import { base64, code, element, mostCharacters, textElement } from './codes.ts';

type Detail = readonly [string, string];

const rfc = 'RFC-3881';
/** Longest value of one detail: there may be twenty of them in one message. */
const mostDetail = 128;

export function objectsOf(message: AuditMessage): string {
  return patient(message) + subjectMatter(message) + requestId(message) + concerned(message) + evidence(message);
}

/** The standard has no place for the system of a number, so it is a detail. */
function patient({ patient: identity, application }: AuditMessage): string {
  if (identity === null) return '';
  const details: Detail[] = application === null ? [] : [['application', application]];
  if (identity.system !== null) details.push(['system', identity.system]);
  const kind = code('ParticipantObjectIDTypeCode', '2', rfc, 'Patient Number');
  return object({ id: identity.value, type: '1', role: '1' }, kind, '', details);
}

function subjectMatter({ access, target, requestLine, request, meaning, source }: AuditMessage): string {
  const uri = code('ParticipantObjectIDTypeCode', '12', rfc, 'URI');
  if (meaning.id === '110101')
    return object({ id: source, type: '2', role: '13' }, uri, textElement('ParticipantObjectName', 'Security Audit Log'), []);
  if (meaning.id === '110106') {
    const name = textElement('ParticipantObjectName', requestLine ?? 'not a download');
    return object({ id: target ?? 'not a download', type: '2', role: '3', lifeCycle: '11' }, uri, name, []);
  }
  if (target === null || requestLine === null) return '';
  if (access === 'query') {
    const kind = code('ParticipantObjectIDTypeCode', '10', rfc, 'Search Criteria');
    const asked = base64(requestLine.slice(0, mostCharacters).toWellFormed());
    const query = `<ParticipantObjectQuery>${asked}</ParticipantObjectQuery>`;
    return object({ id: request ?? target, type: '2', role: '24' }, kind, query, []);
  }
  const name = textElement('ParticipantObjectName', requestLine);
  const role = access === null ? '13' : '3';
  return object({ id: target, type: '2', role, lifeCycle: access === null ? null : lifeCycleOf(access) }, uri, name, []);
}

function requestId({ request }: AuditMessage): string {
  if (request === null) return '';
  const kind = code('ParticipantObjectIDTypeCode', 'XrequestId', 'IHE BALP', 'X-Request-Id');
  return object({ id: request, type: '2', role: '20' }, kind, textElement('ParticipantObjectName', 'X-Request-Id'), []);
}

function concerned({ person }: AuditMessage): string {
  if (person?.part !== 'object') return '';
  const kind = code('ParticipantObjectIDTypeCode', '11', rfc, 'User Identifier');
  const name = textElement('ParticipantObjectName', person.name);
  return object({ id: person.sub, type: '1', role: '11' }, kind, name, [['issuer', person.issuer]]);
}

function evidence({ hash, sequence, details }: AuditMessage): string {
  const kind = code('ParticipantObjectIDTypeCode', 'AuditRecord', 'Wardgate', 'Wardgate audit record');
  const all: Detail[] = [['seq', String(sequence)], ['hash', hash], ...details];
  return object({ id: hash, type: '2', role: '13' }, kind, textElement('ParticipantObjectName', 'Wardgate audit record'), all);
}

interface ObjectHead {
  readonly id: string;
  readonly type: '1' | '2';
  readonly role: string;
  readonly lifeCycle?: string | null;
}

function object(
  { id, type, role, lifeCycle = null }: ObjectHead,
  kind: string,
  name: string,
  details: readonly Detail[],
): string {
  const attributes = {
    ParticipantObjectID: id,
    ParticipantObjectTypeCode: type,
    ParticipantObjectTypeCodeRole: role,
    ParticipantObjectDataLifeCycle: lifeCycle,
  };
  const said = details.map(([key, value]) =>
    element('ParticipantObjectDetail', { type: key, value: base64(value.slice(0, mostDetail).toWellFormed()) }),
  );
  return element('ParticipantObjectIdentification', attributes, kind + name + said.join(''));
}

function lifeCycleOf(access: Access): string | null {
  return access === 'read' ? '6' : access === 'delete' ? '14' : null;
}
