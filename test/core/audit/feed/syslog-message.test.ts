// Audit messages as frames of syslog: the header that ATNA asks for, and what gives way where a message would be too long.

import { describe, expect, test } from 'vitest';
import type { AuditEntry, AuditEvent } from '../../../../src/core/audit/entry.ts';
import { mostOctets, syslogFrame, syslogName } from '../../../../src/core/audit/feed/syslog-message.ts';
import type { SyslogDialect } from '../../../../src/core/audit/feed/syslog-message.ts';
import { auditMessage } from '../../../../src/core/audit/message/audit-message.ts';
import { dicomAuditProblems } from '../../../support/check-dicom-audit.ts';
import { chartRead, everyEvent, fillings, recordOf } from '../../../support/every-event.ts';

const origin = { host: 'gate 1', pid: 7, dialect: 'ihe' } as const;

function frame(event: AuditEvent, fields: Partial<AuditEntry>, more: { most?: number; dialect?: SyslogDialect } = {}) {
  const message = auditMessage(recordOf(event, fields), 'wardgate-audit/1f0c2d3e4a5b6978');
  if (message === null) throw new Error('There is no message');
  const framed = syslogFrame(message, { ...origin, ...more }, more.most);
  const [, octets = '', header = '', xml = ''] = /^(\d+) (.* - )\ufeff(<.*)$/s.exec(framed) ?? [];
  return { octets: Number(octets), header, xml, body: framed.slice(octets.length + 1) };
}

test.each<[AuditEvent, Partial<AuditEntry>, SyslogDialect, string]>([
  ['outcome', chartRead, 'ihe', '<85>1 2025-11-23T14:05:06.123Z gate-1 wardgate 7 IHE+RFC-3881 - '],
  ['outcome', chartRead, 'dicom', '<85>1 2025-11-23T14:05:06.123Z gate-1 wardgate 7 DICOM+RFC3881 - '],
  ['refusal', chartRead, 'ihe', '<84>1 2025-11-23T14:05:06.123Z gate-1 wardgate 7 IHE+RFC-3881 - '],
  ['attempt', chartRead, 'ihe', '<84>1 2025-11-23T14:05:06.123Z gate-1 wardgate 7 IHE+RFC-3881 - '],
])('%s in dialect %3$s', (event, fields, dialect, header) => {
  expect(frame(event, fields, { dialect }).header).toBe(header);
});

describe.each(fillings)('%s', (_name, fields) => {
  test.each(everyEvent)('%s is counted right and fits the schema', (event) => {
    const { octets, body, xml } = frame(event, fields);
    expect(octets).toBe(Buffer.byteLength(body));
    expect(octets).toBeLessThanOrEqual(mostOctets);
    expect(dicomAuditProblems(xml)).toEqual([]);
  });
});

describe('what gives way', () => {
  const read = { ...chartRead, detail: 'because', reason: 'client-abort' };
  const long = (most?: number): number => frame('outcome', read, most === undefined ? {} : { most }).octets;
  const whole = long();
  const bare = long(whole - 1);
  const silent = long(bare - 1);

  test.each`
    most          | details  | outcome  | roles
    ${whole}      | ${true}  | ${true}  | ${true}
    ${whole - 1}  | ${false} | ${true}  | ${true}
    ${bare - 1}   | ${false} | ${false} | ${true}
    ${silent - 1} | ${false} | ${false} | ${false}
  `('at $most octets: details $details, the words of the outcome $outcome, roles $roles', ({ most, ...kept }) => {
    const { xml } = frame('outcome', read, { most: Number(most) });
    expect(dicomAuditProblems(xml)).toEqual([]);
    expect({
      details: xml.includes('type="category"'),
      outcome: xml.includes('EventOutcomeDescription'),
      roles: xml.includes('"nurse"'),
    }).toEqual(kept);
    // Who, whose chart and which record always stay.
    for (const part of ['UserID="u-77"', 'ParticipantObjectID="1234"', 'type="seq"', 'type="hash"']) expect(xml).toContain(part);
  });

  test('of a record in which nobody is named there are no roles to leave out', () => {
    expect(frame('heartbeat', { detail: 'x' }, { most: 1 }).xml).not.toContain('EventOutcomeDescription');
  });

  test('and the longest record there can be fits then', () => {
    const hostile = '"'.repeat(256);
    const texts = 'request session factor device address agent application method patient category rule reason policy'.split(' ');
    const fields = Object.fromEntries(texts.map((key) => [key, hostile]));
    const subject = { issuer: hostile, sub: hostile, name: hostile };
    const entry = { ...fields, subject, roles: [hostile, hostile], target: '"'.repeat(4096), detail: '"'.repeat(512) };
    for (const event of everyEvent) {
      const { octets, xml } = frame(event, entry);
      expect(octets).toBeLessThanOrEqual(mostOctets);
      expect(dicomAuditProblems(xml)).toEqual([]);
    }
  });
});

test.each`
  host               | name
  ${'gate.clinic'}   | ${'gate.clinic'}
  ${'a b\u00e9\n'}   | ${'a-b--'}
  ${''}              | ${'-'}
  ${'x'.repeat(300)} | ${'x'.repeat(255)}
`('host "$host" is $name in a header', ({ host, name }) => {
  expect(syslogName(String(host))).toBe(name);
});
