// Records as FHIR AuditEvents: every kind in every filling is valid, and the shape is that of the profiles.

import { describe, expect, test } from 'vitest';
import type { AuditEntry, AuditEvent } from '../../../../src/core/audit/entry.ts';
import { auditEvent } from '../../../../src/core/audit/fhir/audit-event.ts';
import { auditMessage } from '../../../../src/core/audit/message/audit-message.ts';
import { fakeToken } from '../../../support/fake-patients.ts';
import { auditEventProblems } from '../../../support/check-audit-event.ts';
import { chartRead, everyEvent, fillings, jane, recordOf } from '../../../support/every-event.ts';

interface Coding {
  readonly code: string;
}

/** What the tests look at. */
interface Written {
  readonly meta?: { readonly profile: readonly string[] };
  readonly type: Coding;
  readonly subtype?: readonly Coding[];
  readonly action: string;
  readonly outcome?: string;
  readonly purposeOfEvent?: readonly { readonly coding: readonly Coding[] }[];
  readonly agent: readonly {
    readonly type?: { readonly coding: readonly Coding[] };
    readonly who: object;
    readonly requestor: boolean;
    readonly network?: object;
  }[];
  readonly entity: readonly { readonly role?: Coding; readonly what?: object; readonly query?: string }[];
}

function written(event: AuditEvent, fields: Partial<AuditEntry> = {}): Written {
  const message = auditMessage(recordOf(event, fields), 'wardgate-audit/1f0c2d3e4a5b6978');
  if (message === null) throw new Error('There is no message');
  return JSON.parse(JSON.stringify(auditEvent(message))) as Written;
}

const profileOf = (event: Written) => event.meta?.profile[0]?.replace(/^.*IHE\.BasicAudit\./, '') ?? null;

describe.each(fillings)('%s', (_name, fields) => {
  test.each(everyEvent)('%s is valid', (event) => {
    expect(auditEventProblems(written(event, fields))).toEqual([]);
  });
});

test.each`
  fields                                                         | profile            | action | subtype        | agents
  ${{}}                                                          | ${'PatientRead'}   | ${'R'} | ${'read'}      | ${['110152', '110153', 'IRCP']}
  ${{ patient: null, target: '/a' }}                             | ${'Read'}          | ${'R'} | ${'read'}      | ${['110152', '110153', 'IRCP']}
  ${{ patient: null }}                                           | ${'Query'}         | ${'E'} | ${'search'}    | ${['110153', '110152', 'IRCP']}
  ${{ action: 'create' }}                                        | ${'PatientCreate'} | ${'C'} | ${'create'}    | ${['110153', '110152', 'AUT']}
  ${{ action: 'create', patient: null }}                         | ${'Create'}        | ${'C'} | ${'create'}    | ${['110153', '110152', 'AUT']}
  ${{ action: 'update' }}                                        | ${'PatientUpdate'} | ${'U'} | ${'update'}    | ${['110153', '110152', 'AUT']}
  ${{ action: 'delete' }}                                        | ${'PatientDelete'} | ${'D'} | ${'delete'}    | ${['110150', 'custodian', 'AUT']}
  ${{ action: 'execute' }}                                       | ${null}            | ${'E'} | ${'operation'} | ${['110153', '110152', 'AUT']}
  ${{ status: 404 }}                                             | ${null}            | ${'R'} | ${'read'}      | ${['110152', '110153', 'IRCP']}
  ${{ address: null }}                                           | ${null}            | ${'R'} | ${'read'}      | ${['110152', '110153']}
  ${{ application: null }}                                       | ${null}            | ${'R'} | ${'read'}      | ${['110152', '110153', 'IRCP']}
  ${{ target: null }}                                            | ${null}            | ${'R'} | ${'read'}      | ${['110152', '110153', 'IRCP']}
  ${{ subject: null }}                                           | ${null}            | ${'R'} | ${'read'}      | ${['110152', '110153']}
  ${{ device: null, decision: 'observed', wouldRefuse: 'role' }} | ${'PatientRead'}   | ${'R'} | ${'read'}      | ${['110152', '110153', 'IRCP']}
`('a request with $fields claims $profile', ({ fields, profile, action, subtype, agents }) => {
  const event = written('outcome', { ...chartRead, ...(fields as object) });
  expect(profileOf(event)).toBe(profile);
  expect([event.type.code, event.action, event.subtype?.[0]?.code]).toEqual(['rest', action, subtype]);
  expect(event.agent.map((agent) => agent.type?.coding[0]?.code)).toEqual(agents);
  expect(auditEventProblems(event)).toEqual([]);
});

test('an attempt alone claims no profile and no outcome', () => {
  const event = written('attempt', chartRead);
  expect([profileOf(event), event.outcome]).toEqual([null, undefined]);
});

test('a chart that was read, whole', () => {
  const hash = recordOf('outcome', chartRead).hash;
  const event = written('outcome', chartRead);
  expect(event.agent).toEqual([
    {
      type: {
        coding: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110152', display: 'Destination Role ID' }],
      },
      who: { display: 'WS-EXAM3' },
      requestor: false,
      network: { address: '10.20.0.15', type: '2' },
    },
    {
      type: { coding: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110153', display: 'Source Role ID' }] },
      who: { display: 'openemr' },
      requestor: false,
      network: { address: 'openemr', type: '1' },
    },
    {
      type: {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
            code: 'IRCP',
            display: 'information recipient',
          },
        ],
      },
      role: [{ text: 'nurse' }],
      who: { identifier: { system: jane.issuer, value: 'u-77' }, display: 'jane' },
      altId: 'jane',
      name: 'jane',
      requestor: true,
    },
  ]);
  expect(event.entity.map(({ what, role }) => [role?.code, what])).toEqual([
    [undefined, { identifier: { value: 'b4k2x9-01tz' } }],
    ['4', { identifier: { value: '/patient/chart.php?pid=1234', assigner: { display: 'openemr' } } }],
    ['1', { type: 'Patient', identifier: { value: '1234', assigner: { display: 'openemr' } } }],
    ['13', { identifier: { value: hash } }],
  ]);
  expect(event.entity.at(-1)).toMatchObject({
    name: 'Wardgate audit record',
    detail: expect.arrayContaining([
      { type: 'seq', valueString: '1' },
      { type: 'hash', valueString: hash },
      { type: 'rule', valueString: 'charts' },
    ]) as unknown,
  });
  expect(event).toMatchObject({
    recorded: '2025-11-23T14:05:06.123Z',
    outcome: '0',
    source: { observer: { display: 'wardgate-audit/1f0c2d3e4a5b6978' }, type: [{ code: '3' }] },
  });
});

test('a query keeps the request line as it is on record', () => {
  const { query = '' } = written('outcome', { ...chartRead, patient: null }).entity[1] ?? {};
  expect(Buffer.from(query, 'base64').toString()).toBe('GET /patient/chart.php?pid=1234');
});

test.each`
  event               | type        | subtype      | action | outcome
  ${'sign-in'}        | ${'110114'} | ${'110122'}  | ${'E'} | ${'0'}
  ${'sign-in-failed'} | ${'110114'} | ${'110122'}  | ${'E'} | ${'4'}
  ${'sign-out'}       | ${'110114'} | ${'110123'}  | ${'E'} | ${'0'}
  ${'session-ended'}  | ${'110114'} | ${'110123'}  | ${'E'} | ${'0'}
  ${'break-glass'}    | ${'110113'} | ${'110127'}  | ${'E'} | ${'0'}
  ${'refusal'}        | ${'110113'} | ${'110132'}  | ${'E'} | ${'4'}
  ${'offboarded'}     | ${'110113'} | ${'110137'}  | ${'E'} | ${'0'}
  ${'configuration'}  | ${'110113'} | ${'110129'}  | ${'E'} | ${'0'}
  ${'audit-outage'}   | ${'110113'} | ${'110133'}  | ${'E'} | ${'8'}
  ${'audit-exported'} | ${'110101'} | ${undefined} | ${'R'} | ${'0'}
  ${'start'}          | ${'110100'} | ${'110120'}  | ${'E'} | ${'0'}
  ${'heartbeat'}      | ${'110100'} | ${undefined} | ${'E'} | ${'0'}
`('$event is $type $subtype', ({ event, type, subtype, action, outcome }) => {
  const one = written(event as AuditEvent);
  expect([one.type.code, one.subtype?.[0]?.code, one.action, one.outcome]).toEqual([type, subtype, action, outcome]);
});

test('a glass that was broken says so as its purpose', () => {
  const codes = written('break-glass', chartRead).purposeOfEvent?.map(({ coding }) => coding[0]?.code);
  expect(codes).toEqual(['BTG', 'ETREAT']);
});

test('whom an order is about is an entity, and nobody is said to have done it but the gateway', () => {
  const event = written('offboarded', { subject: jane });
  expect(event.agent).toMatchObject([{ who: { display: 'wardgate-audit/1f0c2d3e4a5b6978' }, requestor: true }]);
  expect(event.entity[0]).toMatchObject({ role: { code: '11' }, what: { identifier: { value: 'u-77' } } });
});

test('whose session ended took part, but did not ask for it', () => {
  expect(written('session-ended', { subject: jane }).agent.map(({ requestor }) => requestor)).toEqual([false, true]);
});

describe('the check itself finds', () => {
  const right = written('outcome', chartRead);
  const { agent, entity } = right;
  test.each([
    ['another outcome under a profile', { ...right, outcome: '4' }],
    ['a missing time', { ...right, recorded: undefined }],
    [
      'agents that have changed places',
      { ...right, agent: agent.map((one, at) => ({ ...one, type: agent[(at + 1) % 3]?.type })) },
    ],
    ['a person with an address', { ...right, agent: agent.map((one) => ({ ...one, network: { address: 'a', type: '2' } })) }],
    ['two requestors', { ...right, agent: agent.map((one) => ({ ...one, requestor: true })) }],
    ['two patients', { ...right, entity: [...entity, entity[2]] }],
    ['no data', { ...right, entity: entity.slice(2) }],
    ['a null', { ...right, outcomeDesc: null }],
    ['an unknown element', { ...right, severity: 'high' }],
    ['an unknown profile', { ...right, meta: { profile: ['https://example.org/x'] } }],
  ])('%s', (_what, event) => {
    expect(auditEventProblems(JSON.parse(JSON.stringify(event)))).not.toEqual([]);
  });
});

test('a token is a logical reference with its own system, and still of the profile', () => {
  const event = written('outcome', { ...chartRead, patient: fakeToken('1234') });
  expect(auditEventProblems(event)).toEqual([]);
  expect(profileOf(event)).toBe('PatientRead');
  const identifier = { system: 'urn:wardgate:patient-token', value: fakeToken('1234') };
  expect(event.entity.find(({ role }) => role?.code === '1')?.what).toEqual({ type: 'Patient', identifier });
});
