// What a record means: how it went, what a request did, and who did it.

import { describe, expect, test } from 'vitest';
import type { AuditEntry, AuditEvent } from '../../../../src/core/audit/entry.ts';
import { auditMessage } from '../../../../src/core/audit/message/audit-message.ts';
import { meaningOf } from '../../../../src/core/audit/message/event-meaning.ts';
import { OpenAttempts } from '../../../../src/core/audit/message/open-attempts.ts';
import { soundText } from '../../../../src/core/audit/message/sound-text.ts';
import { chartRead, jane, recordOf } from '../../../support/every-event.ts';

function messageOf(event: AuditEvent, fields: Partial<AuditEntry>) {
  const message = auditMessage(recordOf(event, fields), 'log');
  if (message === null) throw new Error('There is no message');
  return message;
}

test.each`
  event               | fields                                                        | outcome
  ${'attempt'}        | ${{}}                                                         | ${null}
  ${'outcome'}        | ${{ status: 200 }}                                            | ${'0'}
  ${'outcome'}        | ${{ status: 302 }}                                            | ${'0'}
  ${'outcome'}        | ${{ status: 404 }}                                            | ${'4'}
  ${'outcome'}        | ${{ status: 500 }}                                            | ${'8'}
  ${'outcome'}        | ${{}}                                                         | ${'4'}
  ${'outcome'}        | ${{ status: 200, reason: 'client-abort' }}                    | ${'4'}
  ${'outcome'}        | ${{ status: 200, decision: 'observed', wouldRefuse: 'role' }} | ${'0'}
  ${'refusal'}        | ${{ status: 403, decision: 'refused' }}                       | ${'4'}
  ${'refusal'}        | ${{ decision: 'observed', wouldRefuse: 'budget' }}            | ${'0'}
  ${'sign-in'}        | ${{}}                                                         | ${'0'}
  ${'sign-in-failed'} | ${{}}                                                         | ${'4'}
  ${'order'}          | ${{ decision: 'refused' }}                                    | ${'4'}
  ${'order'}          | ${{ decision: 'allowed' }}                                    | ${'0'}
  ${'audit-outage'}   | ${{ decision: 'refused' }}                                    | ${'8'}
`(
  '$event with $fields has outcome $outcome',
  ({ event, fields, outcome }: { event: AuditEvent; fields: object; outcome: string }) => {
    expect(messageOf(event, fields).outcome).toBe(outcome);
  },
);

test.each`
  fields                                                 | access
  ${{ action: 'read', target: '/a', patient: null }}     | ${'read'}
  ${{ action: 'read', target: '/a?b=1', patient: null }} | ${'query'}
  ${{ action: 'read', target: '/a?b=1', patient: '7' }}  | ${'read'}
  ${{ action: 'read', target: null, patient: null }}     | ${'read'}
  ${{ action: null, method: 'GET' }}                     | ${'read'}
  ${{ action: null, method: 'HEAD' }}                    | ${'read'}
  ${{ action: null, method: 'POST' }}                    | ${'execute'}
  ${{ action: 'execute', method: 'GET' }}                | ${'execute'}
  ${{ action: 'create' }}                                | ${'create'}
  ${{ action: 'update' }}                                | ${'update'}
  ${{ action: 'delete' }}                                | ${'delete'}
`('a request with $fields did $access', ({ fields, access }: { fields: object; access: string }) => {
  expect(messageOf('outcome', { ...chartRead, ...fields }).access).toBe(access);
});

test('what is no request at the EHR did nothing there', () => {
  expect(messageOf('refusal', chartRead).access).toBeNull();
});

test.each`
  event               | fields                                    | part
  ${'outcome'}        | ${{ subject: jane, address: '10.0.0.1' }} | ${'actor'}
  ${'factor-removed'} | ${{ subject: jane, address: '10.0.0.1' }} | ${'actor'}
  ${'factor-removed'} | ${{ subject: jane }}                      | ${'object'}
  ${'order'}          | ${{ subject: jane }}                      | ${'object'}
  ${'session-ended'}  | ${{ subject: jane, address: '10.0.0.1' }} | ${'bystander'}
  ${'locked'}         | ${{ subject: jane }}                      | ${'bystander'}
`(
  'the person of $event with $fields is $part',
  ({ event, fields, part }: { event: AuditEvent; fields: object; part: string }) => {
    expect(messageOf(event, fields).person?.part).toBe(part);
  },
);

test.each`
  event        | fields                                               | text
  ${'attempt'} | ${{}}                                                | ${'No outcome on record: whether the EHR answered is not known'}
  ${'outcome'} | ${{ status: 200, wouldRefuse: 'role' }}              | ${'would have been refused: role; status 200'}
  ${'refusal'} | ${{ status: 403, reason: 'role', detail: 'Ask IT' }} | ${'role; status 403; Ask IT'}
  ${'stop'}    | ${{}}                                                | ${null}
`('$event with $fields says $text', ({ event, fields, text }: { event: AuditEvent; fields: object; text: string | null }) => {
  expect(messageOf(event, fields).outcomeText).toBe(text);
});

test('what has no place of its own is kept as a detail', () => {
  const { details } = messageOf('outcome', { ...chartRead, grant: 'g-1' });
  expect(details.map(([key]) => key)).toEqual(
    'boot monotonic event session agent patientSource category action rule decision status bytesOut policy grant'.split(' '),
  );
});

test('an emergency is one where a grant was open or opened', () => {
  expect(
    [messageOf('outcome', { grant: 'g' }), messageOf('break-glass', {}), messageOf('outcome', {})].map((one) => one.isEmergency),
  ).toEqual([true, true, false]);
});

test('a method that is not on record is taken for GET', () => {
  expect(messageOf('ehr-kept-warm', { target: '/a' }).requestLine).toBe('GET /a');
});

test('a record without a readable time is none', () => {
  const record = recordOf('start');
  expect(auditMessage({ ...record, fields: { ...record.fields, time: 'noon' } }, 'log')).toBeNull();
});

describe('what a kind means', () => {
  test('a search of the record is a use of the audit log, another order is not', () => {
    const search = meaningOf('order', '"audit search" (patient=7) by operating-system user "ada"');
    expect([search.id, meaningOf('order', '"session end"').id, meaningOf('order', null).id]).toEqual([
      '110101',
      '110113',
      '110113',
    ]);
  });

  test.each(['of-a-later-version', 'toString'])('a kind "%s" that is not known is activity', (event) => {
    expect(meaningOf(event, null)).toMatchObject({ id: '110100', type: null });
  });
});

test.each`
  text              | sound
  ${' a\u0000b\n '} | ${'a b'}
  ${'\u0000'}       | ${null}
  ${'abcdef'}       | ${'abc…'}
  ${'\ud800x'}      | ${'\ufffdx'}
`('$text is written as $sound', ({ text, sound }: { text: string; sound: string | null }) => {
  expect(soundText(text, 4)).toBe(sound);
});

describe('an access is told once', () => {
  const attempt = (request: string) => recordOf('attempt', { request });
  const told = (open: OpenAttempts, event: AuditEvent, request: string | null) =>
    open.take(recordOf(event, { request })).map((one) => `${one.event} ${String(one.fields['request'])}`);

  test('as its outcome where there is one', () => {
    const open = new OpenAttempts();
    expect(told(open, 'attempt', 'a')).toEqual([]);
    expect(told(open, 'sign-in', 'b')).toEqual(['sign-in b']);
    expect(told(open, 'heartbeat', null)).toEqual(['heartbeat undefined']);
    expect(told(open, 'outcome', 'a')).toEqual(['outcome a']);
    expect(open.rest()).toEqual([]);
  });

  test('as its attempt where the gateway ended meanwhile, or the log does', () => {
    const open = new OpenAttempts();
    open.take(attempt('a'));
    expect(told(open, 'start', null)).toEqual(['attempt a', 'start undefined']);
    open.take(attempt('b'));
    expect(open.rest().map((one) => one.fields['request'])).toEqual(['b']);
  });

  test('and never are many held back', () => {
    const open = new OpenAttempts(1);
    open.take(attempt('a'));
    expect(told(open, 'attempt', 'b')).toEqual(['attempt a', 'attempt b']);
    expect(open.rest()).toEqual([]);
  });
});

test('a patient of whom nothing can be said in another format is none', () => {
  expect(messageOf('outcome', { patient: '\u0000' }).patient).toBeNull();
  expect(messageOf('outcome', { patient: ' 7 ' }).patient).toEqual({ value: '7', system: null });
});
