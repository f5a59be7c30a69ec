// What of a record can be searched for, and what is no record of ours.

import { expect, test } from 'vitest';
import { auditEntry } from '../../../src/core/audit/entry.ts';
import type { AuditEntry } from '../../../src/core/audit/entry.ts';
import { indexRow } from '../../../src/core/audit/index-row.ts';
import { readRecord } from '../../../src/core/audit/read-record.ts';
import type { ReadRecord } from '../../../src/core/audit/read-record.ts';
import { machineIssuer } from '../../../src/core/session/machine-session.ts';
import { nextLine } from '../../support/chained-log.ts';

const nothing = {
  request: null,
  person: null,
  roles: null,
  session: null,
  factor: null,
  device: null,
  address: null,
  application: null,
  method: null,
  target: null,
  patient: null,
  patientSource: null,
  category: null,
  action: null,
  download: null,
  pace: null,
  rule: null,
  decision: null,
  reason: null,
  status: null,
  bytesIn: null,
  bytesOut: null,
  durationMilliseconds: null,
  grant: null,
  detail: null,
};

function rowOf(entry: AuditEntry) {
  const record = readRecord(nextLine([], entry));
  return record === null ? null : indexRow(record);
}

test('every field somebody may ask by comes out as it was written', () => {
  const entry = auditEntry('outcome', 1_700_000_000_123, {
    request: 'abc-0001',
    subject: { issuer: 'https://idp', sub: '7', name: 'ada' },
    roles: ['nurse', 'records'],
    session: 's1',
    factor: 'totp',
    device: 'desk 2',
    address: '10.0.0.1',
    application: 'ehr',
    method: 'GET',
    target: '/chart?pid=11',
    patient: '11',
    patientSource: 'query',
    category: 'chart',
    action: 'read',
    download: 'disposition',
    pace: 'slowed',
    rule: 'charts',
    decision: 'allowed',
    status: 200,
    bytesIn: 12,
    bytesOut: 4096,
    durationMilliseconds: 7,
    grant: 'g1',
    detail: 'more',
  });
  expect(rowOf(entry)).toEqual({
    sequence: 1,
    time: 1_700_000_000_123,
    event: 'outcome',
    request: 'abc-0001',
    person: { issuer: 'https://idp', sub: '7', name: 'ada' },
    roles: 'nurse, records',
    session: 's1',
    factor: 'totp',
    device: 'desk 2',
    address: '10.0.0.1',
    application: 'ehr',
    method: 'GET',
    target: '/chart?pid=11',
    patient: '11',
    patientSource: 'query',
    category: 'chart',
    action: 'read',
    download: 'disposition',
    pace: 'slowed',
    rule: 'charts',
    decision: 'allowed',
    reason: null,
    status: 200,
    bytesIn: 12,
    bytesOut: 4096,
    durationMilliseconds: 7,
    grant: 'g1',
    detail: 'more',
  });
});

test('a record that says nothing gives a row that says nothing', () => {
  expect(rowOf(auditEntry('heartbeat', 0))).toEqual({ ...nothing, sequence: 1, time: 0, event: 'heartbeat' });
});

test.each`
  what                       | fields                                                                     | row
  ${'observation'}           | ${{ reason: 'client-abort', wouldRefuse: 'no-rule' }}                      | ${{ reason: 'no-rule' }}
  ${'a cut'}                 | ${{ reason: 'client-abort' }}                                              | ${{ reason: 'client-abort' }}
  ${'a machine'}             | ${{ subject: { issuer: machineIssuer, sub: 'machine:lab', name: 'lab' } }} | ${{ person: { issuer: machineIssuer, sub: 'lab', name: 'lab' } }}
  ${'a person without name'} | ${{ subject: { issuer: 'https://idp', sub: '7', name: '' } }}              | ${{ person: { issuer: 'https://idp', sub: '7', name: '' } }}
`('$what', ({ fields, row }: { fields: Partial<AuditEntry>; row: object }) => {
  expect(rowOf(auditEntry('outcome', 0, fields))).toEqual({ ...nothing, sequence: 1, time: 0, event: 'outcome', ...row });
});

test.each`
  what                        | fields                                                                 | row
  ${'no time'}                | ${{}}                                                                  | ${null}
  ${'a time that is none'}    | ${{ time: 'yesterday' }}                                               | ${null}
  ${'a subject that is text'} | ${{ time: '1970-01-01', subject: 'ada' }}                              | ${nothing}
  ${'a subject without sub'}  | ${{ time: '1970-01-01', subject: { issuer: 'x' } }}                    | ${nothing}
  ${'a name that is none'}    | ${{ time: '1970-01-01', subject: { issuer: 'x', sub: 'y', name: 7 } }} | ${{ ...nothing, person: { issuer: 'x', sub: 'y', name: '' } }}
  ${'a status that is none'}  | ${{ time: '1970-01-01', status: 1.5, bytesOut: '9' }}                  | ${nothing}
`('a line with $what, which no gateway wrote', ({ fields, row }: { fields: object; row: object | null }) => {
  const record: ReadRecord = {
    sequence: 1,
    previousHash: '',
    hash: '',
    event: 'outcome',
    detail: null,
    fields: { ...fields },
  };
  expect(indexRow(record)).toEqual(row && { ...row, sequence: 1, time: 0, event: 'outcome' });
});
