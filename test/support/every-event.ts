// One record of every kind there is, as a gateway would have written it, and variants of requests.

import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../../src/core/audit/entry.ts';
import { eventMeanings } from '../../src/core/audit/message/event-meaning.ts';
import { readRecord } from '../../src/core/audit/read-record.ts';
import type { ReadRecord } from '../../src/core/audit/read-record.ts';
import { nextLine } from './chained-log.ts';

export const everyEvent = Object.keys(eventMeanings) as AuditEvent[];

export const jane = { issuer: 'https://idp.clinic.example', sub: 'u-77', name: 'jane' };

/** What a request at the EHR has on record. */
export const chartRead: Partial<AuditEntry> = {
  request: 'b4k2x9-01tz',
  subject: jane,
  roles: ['nurse'],
  session: 's-1',
  device: 'WS-EXAM3',
  address: '10.20.0.15',
  agent: 'Firefox',
  application: 'openemr',
  method: 'GET',
  target: '/patient/chart.php?pid=1234',
  patient: '1234',
  patientSource: 'query',
  category: 'chart',
  action: 'read',
  rule: 'charts',
  decision: 'allowed',
  status: 200,
  bytesOut: 5120,
  policy: '9f86d081884c7d65',
};

export function recordOf(event: AuditEvent, fields: Partial<AuditEntry> = {}): ReadRecord {
  const record = readRecord(nextLine([], auditEntry(event, Date.parse('2025-11-23T14:05:06.123Z'), fields)));
  if (record === null) throw new Error('That is no record');
  return record;
}

/** As full and as empty as records get. */
export const fillings: readonly (readonly [string, Partial<AuditEntry>])[] = [
  ['with everything', chartRead],
  ['with nothing', {}],
  ['of somebody whose request it was not', { subject: jane, detail: 'because' }],
  ['of an address alone', { address: '10.20.0.15' }],
  ['of a known device alone', { address: '10.20.0.15', device: 'WS-EXAM3' }],
  ['of a machine', { ...chartRead, roles: null, subject: { issuer: 'wardgate:machine', sub: 'machine:lab', name: 'lab' } }],
  ['of a patient by token', { ...chartRead, patient: `~${'a2'.repeat(13)}` }],
  ['refused', { ...chartRead, decision: 'refused', reason: 'role', status: 403 }],
  ['observed', { ...chartRead, decision: 'observed', wouldRefuse: 'role' }],
  ['in an emergency', { ...chartRead, grant: 'g-1', detail: 'ED treatment' }],
  [
    'of hostile text',
    {
      ...chartRead,
      subject: { issuer: 'https://idp', sub: "\"><x a='1'>&amp;\u0000", name: '\u0000\ud800<![CDATA[' },
      roles: ['a"b', '\u0001'],
      patient: '"/><ActiveParticipant/>',
      target: '/]]>?<!--&#0;\ufffe',
      detail: '\u0007</EventOutcomeDescription>\nnext',
      agent: '\u0000',
      rule: '',
    },
  ],
];
