// A disclosure in the formats of the field: an export of the gateway to a recipient who is named by the number under which the words
// lie sealed, and by nothing else.

import { expect, test } from 'vitest';
import { auditXml } from '../../../src/core/audit/dicom/audit-xml.ts';
import { auditEvent } from '../../../src/core/audit/fhir/audit-event.ts';
import { auditMessage } from '../../../src/core/audit/message/audit-message.ts';
import { writeDisclosureNote } from '../../../src/core/disclosures/disclosure-note.ts';
import { auditEventProblems } from '../../support/check-audit-event.ts';
import { chartRead, recordOf } from '../../support/every-event.ts';

const number = 'n'.repeat(43);
const detail = writeDisclosureNote({
  id: number,
  basis: 'public-health',
  address: true,
  count: null,
  how: 'at the download',
  replaces: null,
  madeOn: null,
  commitment: 'f'.repeat(64),
});

function messageOf(fields: Parameters<typeof recordOf>[1]) {
  const message = auditMessage(recordOf('disclosure', fields), 'wardgate-audit/1');
  if (message === null) throw new Error('That is no message');
  return message;
}

const download = { ...chartRead, status: null, bytesOut: null, detail } as const;
const profile = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source';

test('FHIR: the profile of IHE BALP, from the observer to the recipient, of one patient', () => {
  const event = auditEvent(messageOf(download));
  expect(auditEventProblems(event)).toEqual([]);
  expect(event).toMatchObject({ meta: { profile: [profile] }, action: 'R', type: { code: '110106' } });
  expect(JSON.stringify(event)).toContain(`Recipient of disclosure ${number}`);
});

test.each([
  ['without a patient', { ...download, patient: null }],
  ['that is said to be refused', { ...download, decision: 'refused' } as const],
])('FHIR: %s it claims no profile', (_what, fields) => {
  const event = auditEvent(messageOf(fields));
  expect([auditEventProblems(event), 'meta' in event]).toEqual([[], false]);
});

test('DICOM: an export, with source and destination and the report that was disclosed', () => {
  const xml = auditXml(messageOf(download));
  expect(xml).toContain('csd-code="110106"');
  expect(xml).toContain(`recipient of disclosure ${number}`);
  expect(xml).toContain('ParticipantObjectDataLifeCycle="11"');
  expect([xml.includes('csd-code="110152"'), xml.includes('csd-code="110153"')]).toEqual([true, true]);
});
