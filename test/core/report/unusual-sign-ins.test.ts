// Sign-ins that succeeded and still deserve a look.

import { expect, test } from 'vitest';
import { unusualSignIns } from '../../../src/core/report/unusual-sign-ins.ts';
import type { Usual } from '../../../src/core/report/unusual-sign-ins.ts';
import { told } from '../../support/told.ts';

const minute = 60_000;
const noon = 12 * 60;
const usual: Usual = {
  hours: [{ days: [1], fromMinute: 7 * 60, toMinute: 19 * 60 }],
  localTime: (at) => ({ weekday: 1, minute: noon + Math.floor(at / minute) }),
  zones: ['clinic'],
  zonesOf: (address) => (address.startsWith('10.') ? ['clinic'] : []),
};
const signIn = (at: number, fields: object = {}) =>
  told('sign-in', at, 'nurse', { address: '10.20.0.7', factor: 'totp', device: 'WS-1', ...fields });
const whys = (records: ReturnType<typeof told>[], given: Usual = usual) => unusualSignIns(records, given).map(({ why }) => why);
const failure = (at: number, person: string | null = 'nurse') =>
  told('second-factor-failed', at, person, { decision: 'refused', reason: 'second-factor-wrong' });

test.each<readonly [string, object[], string[]]>([
  ['at its desk by day', [signIn(0)], []],
  ['from nowhere known', [signIn(0, { address: '203.0.113.9' })], ['from no zone of the clinic']],
  ['at night', [signIn(8 * 60 * minute)], ['while the clinic was closed']],
  ['at night from nowhere', [signIn(8 * 60 * minute, { address: '203.0.113.9' })], ['from no zone of the clinic; while the clinic was closed']],
  ['without an address', [signIn(0, { address: null })], []],
  ['after three failed tries', [failure(0), failure(1), failure(2), signIn(3)], ['after 3 failed tries']],
  ['after two', [failure(0), failure(1), signIn(3)], []],
  ['after three of somebody else', [failure(0, 'x'), failure(1, 'x'), failure(2, 'x'), signIn(3)], []],
  ['long after three', [failure(0), failure(1), failure(2), signIn(2 + 60 * minute + 1)], []],
  ['before three', [signIn(0), failure(1), failure(2), failure(3)], []],
  ['with a recovery code', [told('recovery-code-used', 0, 'nurse')], ['a recovery code in the place of a factor']],
  ['in an emergency', [told('emergency-sign-in', 0, 'nurse')], ['without the identity provider']],
  ['beside another session', [told('kept-both', 0, 'nurse')], ['beside another session of the same person']],
  ['in the place of another', [told('taken-over', 0, 'nurse')], ['in the place of a session elsewhere']],
  ['by what is no sign-in', [told('unlocked', 0, 'nurse')], []],
])('%s', (_case, records, expected) => {
  expect(whys(records as ReturnType<typeof told>[])).toEqual(expected);
}); // prettier-ignore

test('without hours and zones nothing is outside them', () => {
  expect(whys([signIn(8 * 60 * minute, { address: '203.0.113.9' })], { ...usual, hours: [], zones: [] })).toEqual([]);
});

test('a row says who, where and by what', () => {
  const one = signIn(0, { address: '203.0.113.9' });
  expect(unusualSignIns([one], usual)).toEqual([
    {
      record: one.sequence,
      time: 0,
      person: 'nurse',
      address: '203.0.113.9',
      device: 'WS-1',
      factor: 'totp',
      why: 'from no zone of the clinic',
    },
  ]);
});
