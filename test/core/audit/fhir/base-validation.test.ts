// Every kind of record as an AuditEvent, held against the definitions of FHIR R4 by a library that knows nothing of us. What it
// finds is shown with events that are wrong.

import { Fhir } from 'fhir/fhir.js';
import { describe, expect, test } from 'vitest';
import { auditEvent } from '../../../../src/core/audit/fhir/audit-event.ts';
import { auditMessage } from '../../../../src/core/audit/message/audit-message.ts';
import type { AuditEntry, AuditEvent } from '../../../../src/core/audit/entry.ts';
import { chartRead, everyEvent, fillings, recordOf } from '../../../support/every-event.ts';

const fhir = new Fhir();

function written(event: AuditEvent, fields: Partial<AuditEntry>): Record<string, unknown> {
  const message = auditMessage(recordOf(event, fields), 'wardgate-audit/1f0c2d3e4a5b6978');
  if (message === null) throw new Error('There is no message');
  return { ...auditEvent(message) };
}

function errorsIn(event: Record<string, unknown>): string[] {
  const { messages } = fhir.validate(event, { errorOnUnexpected: true });
  return messages
    .filter(({ severity }) => String(severity) === 'error')
    .map(({ location, message }) => `${location}: ${message}`);
}

describe.each(fillings)('%s', (_name, fields) => {
  test.each(everyEvent)('%s fits the base of R4', (event) => {
    expect(errorsIn(written(event, fields))).toEqual([]);
  });
});

describe('the library finds', () => {
  const right = written('outcome', chartRead);
  test.each<[string, Record<string, unknown>]>([
    ['no type', { ...right, type: undefined }],
    ['no time', { ...right, recorded: undefined }],
    ['no agent', { ...right, agent: [] }],
    ['no source', { ...right, source: undefined }],
    ['an agent that does not say whether it asked', { ...right, agent: [{ name: 'jane' }] }],
    ['an outcome there is not', { ...right, outcome: '5' }],
    ['an action there is not', { ...right, action: 'X' }],
    ['an element there is not', { ...right, severity: 'high' }],
  ])('%s', (_what, event) => {
    expect(errorsIn(JSON.parse(JSON.stringify(event)) as Record<string, unknown>)).not.toEqual([]);
  });
});
