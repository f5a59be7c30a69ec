// Records as DICOM audit messages: every kind in every filling fits the schema, and nothing a stranger wrote gets out of its place.

import { describe, expect, test } from 'vitest';
import type { AuditEntry, AuditEvent } from '../../../../src/core/audit/entry.ts';
import { auditXml } from '../../../../src/core/audit/dicom/audit-xml.ts';
import { auditMessage } from '../../../../src/core/audit/message/audit-message.ts';
import { fakeToken } from '../../../support/fake-patients.ts';
import { dicomAuditProblems } from '../../../support/check-dicom-audit.ts';
import { chartRead, everyEvent, fillings, jane, recordOf } from '../../../support/every-event.ts';
import { readXml } from '../../../support/read-xml.ts';
import type { XmlElement } from '../../../support/read-xml.ts';

function written(event: AuditEvent, fields: Partial<AuditEntry> = {}): string {
  const message = auditMessage(recordOf(event, fields), 'wardgate-audit/1f0c2d3e4a5b6978');
  if (message === null) throw new Error('There is no message');
  return auditXml(message);
}

function all(xml: string, name: string): readonly XmlElement[] {
  return readXml(xml).children.filter((child) => child.name === name);
}

const codeIn = (element: XmlElement | undefined, name: string) =>
  element?.children.find((child) => child.name === name)?.attributes['csd-code'];

describe.each(fillings)('%s', (_name, fields) => {
  test.each(everyEvent)('%s fits the schema', (event) => {
    expect(dicomAuditProblems(written(event, fields))).toEqual([]);
  });
});

test('the longest record stays under what every receiver takes', () => {
  const long = '"\u20ac'.repeat(3000);
  const texts =
    'request session factor device address agent application method target targetHash patient patientSource category'.split(' ');
  const more = 'rule reason wouldRefuse activity endedBy policy grant detail'.split(' ');
  const fields = Object.fromEntries([...texts, ...more].map((key) => [key, long]));
  const entry = { ...fields, subject: { issuer: long, sub: long, name: long }, roles: [long, long] } as Partial<AuditEntry>;
  for (const event of ['outcome', 'refusal', 'offboarded'] as const)
    expect(dicomAuditProblems(written(event, entry))).toEqual([]);
  expect(dicomAuditProblems(written('outcome', { ...entry, patient: null, action: 'read', target: `/?${long}` }))).toEqual([]);
});

test.each`
  fields                   | action | id          | roles                   | lifeCycle
  ${{}}                    | ${'R'} | ${'110110'} | ${['110152', '110153']} | ${'6'}
  ${{ action: 'create' }}  | ${'C'} | ${'110110'} | ${['110153', '110152']} | ${undefined}
  ${{ action: 'update' }}  | ${'U'} | ${'110110'} | ${['110153', '110152']} | ${undefined}
  ${{ action: 'delete' }}  | ${'D'} | ${'110110'} | ${['110153', '110152']} | ${'14'}
  ${{ action: 'execute' }} | ${'E'} | ${'110110'} | ${['110153', '110152']} | ${undefined}
  ${{ patient: null }}     | ${'E'} | ${'110112'} | ${['110153', '110152']} | ${undefined}
  ${{ subject: null }}     | ${'R'} | ${'110110'} | ${['110152', '110153']} | ${'6'}
`('a request with $fields is $action $id', ({ fields, action, id, roles, lifeCycle }) => {
  const xml = written('outcome', { ...chartRead, ...(fields as object) });
  const [event] = all(xml, 'EventIdentification');
  expect([event?.attributes['EventActionCode'], codeIn(event, 'EventID')]).toEqual([action, id]);
  expect(all(xml, 'ActiveParticipant').map((one) => codeIn(one, 'RoleIDCode'))).toEqual(roles);
  const cycles = all(xml, 'ParticipantObjectIdentification').map(
    ({ attributes }) => attributes['ParticipantObjectDataLifeCycle'],
  );
  expect(cycles.find((one) => one !== undefined)).toBe(lifeCycle);
});

test('a chart that was read, part by part', () => {
  const xml = written('outcome', chartRead);
  expect(all(xml, 'ActiveParticipant').map(({ attributes }) => attributes)).toEqual([
    {
      UserID: 'u-77',
      AlternativeUserID: jane.issuer,
      UserName: 'jane',
      UserIsRequestor: 'true',
      NetworkAccessPointID: '10.20.0.15',
      NetworkAccessPointTypeCode: '2',
    },
    { UserID: 'openemr', UserIsRequestor: 'false' },
  ]);
  const objects = all(xml, 'ParticipantObjectIdentification');
  expect(
    objects.map(({ attributes, children }) => [attributes['ParticipantObjectID'], children[0]?.attributes['originalText']]),
  ).toEqual([
    ['1234', 'Patient Number'],
    ['/patient/chart.php?pid=1234', 'URI'],
    ['b4k2x9-01tz', 'X-Request-Id'],
    [recordOf('outcome', chartRead).hash, 'Wardgate audit record'],
  ]);
  const details = objects.at(-1)?.children.filter(({ name }) => name === 'ParticipantObjectDetail') ?? [];
  const plain = details.map(({ attributes: { type, value = '' } }) => `${type}=${Buffer.from(value, 'base64').toString()}`);
  expect(plain).toEqual(expect.arrayContaining(['seq=1', 'rule=charts', 'status=200', 'policy=9f86d081884c7d65']));
});

test('a query holds the request line', () => {
  const query = all(written('outcome', { ...chartRead, patient: null }), 'ParticipantObjectIdentification')[0]?.children[1];
  expect(Buffer.from(query?.text ?? '', 'base64').toString()).toBe('GET /patient/chart.php?pid=1234');
});

test('a query without an id is named by its address', () => {
  const xml = written('outcome', { ...chartRead, patient: null, request: null });
  expect(all(xml, 'ParticipantObjectIdentification')[0]?.attributes['ParticipantObjectID']).toBe(chartRead.target);
});

test('an outcome that is not known is no success', () => {
  const [event] = all(written('attempt', { ...chartRead, status: null }), 'EventIdentification');
  expect(event?.attributes['EventOutcomeIndicator']).toBe('4');
  expect(event?.children.at(-1)?.text).toBe('No outcome on record: whether the EHR answered is not known');
});

test('a patient without an application, and a looking into the record', () => {
  expect(dicomAuditProblems(written('chart-opened', { patient: '7' }))).toEqual([]);
  const [event] = all(written('audit-exported'), 'EventIdentification');
  expect([event?.attributes['EventActionCode'], codeIn(event, 'EventID')]).toEqual(['R', '110101']);
});

test('what strangers wrote comes out as they wrote it, and in its place', () => {
  const xml = written('outcome', { ...chartRead, patient: `"/><x a='1'>&amp;` });
  expect(all(xml, 'ParticipantObjectIdentification')[0]?.attributes['ParticipantObjectID']).toBe(`"/><x a='1'>&amp;`);
});

describe('the check itself finds', () => {
  const right = written('outcome', chartRead);
  test.each([
    ['a missing attribute', right.replace(/ UserID="u-77"/, '')],
    ['an attribute that there is not', right.replace('<EventID ', '<EventID code="1" ')],
    ['a wrong value', right.replace('EventOutcomeIndicator="0"', 'EventOutcomeIndicator="1"')],
    [
      'another order',
      right.replace(/(<EventIdentification.*<\/EventIdentification>)(<ActiveParticipant.*?<\/ActiveParticipant>)/, '$2$1'),
    ],
    ['an unknown event', right.replace('csd-code="110110"', 'csd-code="110199"')],
    ['two requestors', right.replace('UserIsRequestor="false"', 'UserIsRequestor="true"')],
    ['half an access point', right.replace(' NetworkAccessPointTypeCode="2"', '')],
    ['a second line', right.replace('nurse', 'nurse\n')],
  ])('%s', (_what, xml) => {
    expect(xml).not.toBe(right);
    expect(dicomAuditProblems(xml)).not.toEqual([]);
  });

  test.each(['&', '<', '&#0;', '&x;', '\u0001'])('%j where there must be none', (broken) => {
    expect(() => dicomAuditProblems(right.replace('nurse', broken))).toThrow();
  });
});

test('a token is a patient number, and a detail names its system', () => {
  const xml = written('outcome', { ...chartRead, patient: fakeToken('1234') });
  expect(dicomAuditProblems(xml)).toEqual([]);
  const [patient] = all(xml, 'ParticipantObjectIdentification');
  expect(patient?.attributes['ParticipantObjectID']).toBe(fakeToken('1234'));
  const system = patient?.children.find(({ attributes }) => attributes['type'] === 'system')?.attributes['value'] ?? '';
  expect(Buffer.from(system, 'base64').toString()).toBe('urn:wardgate:patient-token');
});

test.each`
  event            | fields              | purposes
  ${'break-glass'} | ${{}}               | ${['BTG', 'ETREAT']}
  ${'outcome'}     | ${{ grant: 'g-1' }} | ${['BTG', 'ETREAT']}
  ${'outcome'}     | ${{ grant: null }}  | ${[]}
`('the purpose of $event with $fields is $purposes', ({ event, fields, purposes }) => {
  const [identified] = all(written(event as AuditEvent, { ...chartRead, ...(fields as object) }), 'EventIdentification');
  const found = identified?.children.filter(({ name }) => name === 'PurposeOfUse');
  expect(found?.map(({ attributes }) => attributes['csd-code'])).toEqual(purposes);
});
