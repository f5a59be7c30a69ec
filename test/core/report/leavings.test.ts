// People who left, as rows of a report.

import { expect, test } from 'vitest';
import { leavings } from '../../../src/core/report/leavings.ts';
import { told } from '../../support/told.ts';

const minute = 60_000;
const at = Date.parse('2026-10-05T08:00:00Z');
const order = '"user end" by operating-system user "alice as wardgate", because: contract ended';
const detail =
  'sign-in blocked: 1, sessions ended: 2, passkeys removed: 1, code from the phone removed: 1, emergency codes removed: 10, EHR passwords removed: 1, enrolment codes voided: 0, held posts discarded: 1; done 61 minutes after the notice at 2026-10-05T07:00:00.000Z';

test('all of it, from the notice to the tries afterwards', () => {
  const [row] = leavings([
    told('order', at, 'nurse', { detail: order }),
    told('offboarded', at + minute, 'nurse', { detail }),
    told('sign-in-failed', at + 2 * minute, 'nurse', { decision: 'refused', reason: 'offboarded' }),
    told('sign-in-failed', at + 3 * minute, 'nurse', { decision: 'refused', reason: 'offboarded' }),
    told('sign-in-failed', at + 3 * minute, 'doctor', { decision: 'refused', reason: 'offboarded' }),
  ]);
  expect(row).toEqual({
    person: 'nurse',
    noticed: Date.parse('2026-10-05T07:00:00Z'),
    cutOff: at + minute,
    minutes: 61,
    withinHour: false,
    sessions: 2,
    credentials: 1,
    emergencyCodes: 10,
    ended:
      'sign-in blocked, sessions ended: 2, passkeys removed, code from the phone removed, emergency codes removed: 10, EHR passwords removed, held posts discarded',
    attempts: 2,
    accesses: 0,
    readmitted: null,
    actor: 'alice as wardgate',
    because: 'contract ended',
    record: expect.any(Number) as number,
  });
});

test.each([
  [60, true],
  [61, false],
])('%i minutes: within the hour is %s', (minutes, withinHour) => {
  const said = `sign-in blocked: 1; done ${minutes} minutes after the notice at 2026-10-05T07:00:00.000Z`;
  expect(leavings([told('offboarded', at, 'nurse', { detail: said })])[0]).toMatchObject({ minutes, withinHour });
});

test('what is opened after the cut shows, until they are let in again', () => {
  const [row] = leavings([
    told('outcome', at - 1, 'nurse', { decision: 'allowed' }),
    told('offboarded', at, 'nurse', { detail: 'sign-in blocked: 1' }),
    told('outcome', at + 1, 'nurse', { decision: 'allowed' }),
    told('outcome', at + 2, 'nurse', { decision: 'refused' }),
    told('readmitted', at + 3, 'nurse'),
    told('outcome', at + 4, 'nurse', { decision: 'allowed' }),
    told('attempt', at + 5, 'nurse', { decision: 'allowed' }),
  ]);
  expect(row).toMatchObject({ accesses: 1, readmitted: at + 3, noticed: null, minutes: null, withinHour: null });
});

test.each([
  ['without its order', []],
  ['behind another order', [told('order', at - minute, 'nurse', { detail: '"user show" by operating-system user "alice"' })]],
  ['behind an order that says nothing', [told('order', at - minute, 'nurse')]],
  ['long after the order', [told('order', at - 11 * minute, 'nurse', { detail: order })]],
])('%s nobody is named', (_case, before) => {
  const rows = leavings([...before, told('offboarded', at, 'nurse', { detail: 'of another form' })]);
  expect(rows[0]).toMatchObject({ actor: null, because: null, sessions: null, minutes: null });
});

test('somebody who never came is known by their name, and a record without a word still counts', () => {
  const subject = { issuer: 'https://login.example', sub: '' };
  const [row] = leavings([
    told('offboarded', at, 'newcomer', { subject }),
    told('sign-in-failed', at + 1, 'newcomer', { subject: null, decision: 'refused', reason: 'offboarded' }),
  ]);
  expect(row).toMatchObject({ person: 'newcomer', attempts: 1 });
});

test('a notice whose time cannot be read is none', () => {
  const said = 'sign-in blocked: 1; done 5 minutes after the notice at yesterday';
  expect(leavings([told('offboarded', at, 'nurse', { detail: said })])[0]).toMatchObject({ noticed: null, minutes: 5 });
});

test('an order of before, under its old name, is known too', () => {
  const old = order.replace('user end', 'user offboard');
  const rows = leavings([told('order', at, 'nurse', { detail: old }), told('offboarded', at + 1, 'nurse', { detail })]);
  expect(rows[0]).toMatchObject({ actor: 'alice as wardgate', because: 'contract ended' });
});
