// A FHIR server that validates refused every event of a machine with 422: the system of its identifier was "wardgate:machine",
// which no validator of HL7 takes for an absolute address.

import { expect, test } from 'vitest';
import { auditEvent } from '../../src/core/audit/fhir/audit-event.ts';
import { auditMessage } from '../../src/core/audit/message/audit-message.ts';
import { chartRead, recordOf } from '../support/every-event.ts';

test.each(['outcome', 'offboarded'] as const)('a machine in "%s" is named under an absolute address', (event) => {
  const subject = { issuer: 'wardgate:machine', sub: 'machine:lab', name: 'lab' };
  const message = auditMessage(recordOf(event, { ...chartRead, subject, roles: null }), 'log');
  const text = JSON.stringify(message === null ? null : auditEvent(message));
  expect(text).toContain('"identifier":{"system":"urn:wardgate:machine","value":"lab"}');
  expect(text).not.toContain('"system":"wardgate:');
});
