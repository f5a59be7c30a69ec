// One record as a DICOM audit message (PS3.15 A.5): XML on one line, at most 32 KB, as syslog receivers of ATNA take it.

import type { Access, AuditMessage } from '../message/audit-message.ts';
import { code, dicomCode, element, textElement } from './codes.ts';
import { objectsOf } from './objects.ts';
import { participantsOf } from './participants.ts';

const actions: Readonly<Record<Access, string>> = {
  read: 'R',
  query: 'E',
  create: 'C',
  update: 'U',
  delete: 'D',
  execute: 'E',
};

/** An addition of IHE (ITI-20), with the codes that FHIR has for it. */
const emergency = [
  code('PurposeOfUse', 'BTG', 'v3-ActReason', 'break the glass'),
  code('PurposeOfUse', 'ETREAT', 'v3-ActReason', 'Emergency Treatment'),
].join('');

export function auditXml(message: AuditMessage): string {
  const { source, access } = message;
  const kind = element('AuditSourceTypeCode', { 'csd-code': access === null ? '6' : '3' });
  const parts = [
    identification(message),
    participantsOf(message),
    element('AuditSourceIdentification', { AuditSourceID: source }, kind),
    objectsOf(message),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?><AuditMessage>${parts.join('')}</AuditMessage>`;
}

function identification({ access, meaning, time, outcome, outcomeText, isEmergency }: AuditMessage): string {
  const action = access === null ? (meaning.id === '110101' || meaning.id === '110106' ? 'R' : 'E') : actions[access];
  // The standard wants an outcome: what is not known is no success.
  const attributes = { EventActionCode: action, EventDateTime: time, EventOutcomeIndicator: outcome ?? '4' };
  const content = [
    dicomCode('EventID', access === 'query' ? '110112' : meaning.id),
    meaning.type === null ? '' : dicomCode('EventTypeCode', meaning.type),
    textElement('EventOutcomeDescription', outcomeText),
    isEmergency ? emergency : '',
  ];
  return element('EventIdentification', attributes, content.join(''));
}
