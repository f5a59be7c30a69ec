// Tries that did not go well, as rows of a report.

import { expect, test } from 'vitest';
import { signInFailures } from '../../../src/core/report/sign-in-failures.ts';
import { told } from '../../support/told.ts';

const minute = 60_000;
const hour = 60 * minute;
const at = Date.parse('2026-10-05T08:00:00Z');
const wrong = { address: '10.20.0.7', factor: 'totp', reason: 'second-factor-wrong', decision: 'refused' };

test('nothing on record is nothing', () => {
  expect(signInFailures([])).toEqual([]);
});

test('the same again and again is one row, with the lock-out and what was done', () => {
  const rows = signInFailures([
    told('second-factor-failed', at, 'nurse', wrong),
    told('second-factor-failed', at + minute, 'nurse', wrong),
    told('second-factor-failed', at + 2 * minute, 'nurse', wrong),
    told('second-factor-blocked', at + 2 * minute, 'nurse', {
      ...wrong,
      reason: 'second-factor-blocked',
      detail: 'blocked for 15 minutes',
    }),
    told('sign-in', at + 30 * minute, 'nurse'),
    told('order', at + hour, 'nurse', {
      detail: '"user reset-factor" by operating-system user "alice", because: lost her phone',
    }),
  ]);
  expect(rows).toEqual([
    expect.objectContaining({
      person: 'nurse',
      address: '10.20.0.7',
      what: 'second factor',
      factor: 'totp',
      reason: 'second-factor-wrong',
      count: 3,
      first: at,
      last: at + 2 * minute,
      lockOutMinutes: 15,
      cameInAt: at + 30 * minute,
      action: 'user reset-factor by alice, because: lost her phone',
    }),
  ]);
});

test.each([
  ['another person', 'doctor', at + minute, wrong],
  ['another address', 'nurse', at + minute, { ...wrong, address: '203.0.113.9' }],
  ['another factor', 'nurse', at + minute, { ...wrong, factor: 'passkey' }],
  ['another reason', 'nurse', at + minute, { ...wrong, reason: 'passkey-copied' }],
  ['more than an hour later', 'nurse', at + hour + 1, wrong],
])('%s is another row', (_case, person, time, fields) => {
  const rows = signInFailures([
    told('second-factor-failed', at, 'nurse', wrong),
    told('second-factor-failed', time, person, fields),
  ]);
  expect(rows.map(({ count }) => count)).toEqual([1, 1]);
});

test('a try while locked out counts, the record that announces the lock-out does not', () => {
  const blocked = { ...wrong, reason: 'second-factor-blocked' };
  const rows = signInFailures([
    told('second-factor-failed', at, 'nurse', wrong),
    told('second-factor-blocked', at, 'nurse', { ...blocked, detail: 'blocked for 1 minutes' }),
    told('second-factor-blocked', at + 1, 'nurse', blocked),
    told('second-factor-blocked', at + 2, 'nurse', { ...blocked, detail: "IT's code" }),
  ]);
  expect(rows.map(({ what, count }) => [what, count])).toEqual([
    ['second factor', 1],
    ['second factor, while locked out', 2],
  ]);
});

test('a lock-out whose tries lie before the period is in no row', () => {
  const detail = 'blocked for 15 minutes';
  expect(signInFailures([told('second-factor-blocked', at, 'nurse', { detail, decision: 'refused' })])).toEqual([]);
});

test('a stranger has no name, nobody came in for them, and nothing was ordered about them', () => {
  const [row] = signInFailures([
    told('sign-in-failed', at, null, {
      address: '203.0.113.9',
      decision: 'refused',
      reason: 'sign-in-failed',
      detail: 'The code is used',
    }),
    told('sign-in', at + 1, 'nurse', { address: '203.0.113.9' }),
    told('order', at + 2, null, { detail: '"user list" by operating-system user "alice"' }),
  ]);
  expect(row).toMatchObject({ person: null, cameInAt: null, action: null, detail: 'The code is used' });
});

test.each([
  [
    'an order that was not done',
    '"user reset-factor" by operating-system user "a"; not done: nobody',
    'user reset-factor by a (not done)',
  ],
  ['an order of another form', 'something', 'something'],
  ['an order that says nothing', null, 'an order'],
])('%s is told as it stands', (_case, detail, action) => {
  const [row] = signInFailures([told('pin-failed', at, 'nurse', wrong), told('order', at + 1, 'nurse', { detail })]);
  expect(row?.action).toBe(action);
});

test('what came more than an hour or a week later has nothing to do with it', () => {
  const [row] = signInFailures([
    told('pin-failed', at, 'nurse', wrong),
    told('unlocked', at + hour + 1, 'nurse'),
    told('order', at + 7 * 24 * hour + 1, 'nurse'),
  ]);
  expect(row).toMatchObject({ cameInAt: null, action: null });
});

test('a sign-on to the EHR counts where it was refused', () => {
  const rows = signInFailures([
    told('ehr-sign-on', at, 'nurse', { decision: 'allowed' }),
    told('ehr-sign-on', at + 1, 'nurse', { decision: 'refused', reason: 'ehr-credential-refused' }),
    told('step-up-failed', at + 2, 'nurse', { decision: 'refused', reason: 'unlock-not-yours' }),
    told('step-up', at + 3, 'nurse'),
  ]);
  expect(rows.map(({ what, reason, cameInAt }) => [what, reason, cameInAt])).toEqual([
    ['sign-on to the EHR', 'ehr-credential-refused', at + 3],
    ['confirmation', 'unlock-not-yours', at + 3],
  ]);
});

test.each(['unlock-failed', 'step-up-failed'])('a wrong code at %s is one try, not two', (event) => {
  const rows = signInFailures([told('second-factor-failed', at, 'nurse', wrong), told(event, at, 'nurse', wrong)]);
  expect(rows.map(({ what, count }) => [what, count])).toEqual([['second factor', 1]]);
});
