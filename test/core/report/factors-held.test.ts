// Which second factors people have, from what is on record.

import { expect, test } from 'vitest';
import { factorsHeld } from '../../../src/core/report/factors-held.ts';
import { told } from '../../support/told.ts';

const at = Date.parse('2026-10-05T08:00:00Z');
const yes = { decision: 'allowed' };
const key = (name: string) => told('enrolment', at, 'nurse', { ...yes, factor: 'passkey', detail: `"${name}"` });
const code = () => told('enrolment', at, 'nurse', { ...yes, factor: 'totp' });
const gone = (detail: string) => told('factor-removed', at, 'nurse', { ...yes, detail });
const held = (...records: ReturnType<typeof told>[]) => factorsHeld(records, [], [])[0];
const counted = (person: string | null, factor: string | null, count: number, until: number) => ({
  person,
  factor,
  count,
  until,
});

test.each([
  ['a code', [code()], { code: true, passkeys: 0, resistsPhishing: false, hasNone: false }],
  ['a passkey', [key('YubiKey')], { code: false, passkeys: 1, resistsPhishing: true, hasNone: false }],
  ['two of them', [key('a'), key('b')], { passkeys: 2 }],
  ['one that was taken back', [key('a'), key('b'), gone('passkey "a"')], { passkeys: 1, exceptions: null }],
  [
    'one under its new name',
    [key('a'), told('factor-renamed', at, 'nurse', { ...yes, detail: 'passkey "a" is now "b"' }), gone('passkey "b"')],
    { passkeys: 0, hasNone: true },
  ],
  ['a new name of none', [told('factor-renamed', at, 'nurse', { ...yes, detail: 'passkey "x" is now "y"' })], { passkeys: 0 }],
  ['a new name in other words', [key('a'), told('factor-renamed', at, 'nurse', { ...yes, detail: 'renamed' })], { passkeys: 1 }],
  ['a code that was taken back', [code(), key('a'), gone('code from the phone')], { code: false, passkeys: 1 }],
  [
    'all of them reset',
    [
      code(),
      key('a'),
      gone('passkeys: 1, IT has reset the second factor'),
      gone('code from the phone: 1, IT has reset the second factor'),
    ],
    { code: false, passkeys: 0, hasNone: true, exceptions: 'reset by IT: 2' },
  ],
  [
    'all of them gone with their person',
    [code(), gone('code from the phone: 1, the person has left')],
    { code: false, exceptions: null },
  ],
  ['PINs taken away', [code(), gone('device PINs: 1, IT has reset the second factor')], { code: true }],
  ['something that is about no factor', [told('access-asked', at, 'nurse', yes)], { code: false, passkeys: 0, signIns: 0 }],
  ['a passkey without quotes', [told('enrolment', at, 'nurse', { ...yes, factor: 'passkey' })], { passkeys: 1 }],
])('%s', (_case, records, expected) => {
  expect(held(...records)).toMatchObject(expected);
});

test('sign-ins: how many, the last, and what stood in for a factor', () => {
  const rows = factorsHeld(
    [
      told('recovery-code-used', at + 3, 'nurse', yes),
      told('enrol-code-used', at + 4, 'nurse', yes),
      told('emergency-sign-in', at + 5, 'nurse', yes),
      told('emergency-sign-in', at + 6, 'nurse', yes),
    ],
    [counted('nurse', 'remembered', 3, at + 2), counted('nurse', 'totp', 5, at)],
    [counted('nurse', 'totp', 5, at + 1), counted('nurse', 'recovery-code', 1, at)],
  );
  expect(rows).toEqual([
    {
      person: 'nurse',
      code: false,
      passkeys: 0,
      resistsPhishing: false,
      hasNone: true,
      signIns: 8,
      lastSignIn: at + 2,
      lastFactor: 'remembered',
      lastShown: at + 1,
      rememberedSignIns: 3,
      recoveryCodesUsed: 1,
      exceptions: "IT's code to set one up: 1; emergency sign-in: 2",
      left: null,
    },
  ]);
});

test('whoever shows a factor at the provider is not without one', () => {
  expect(factorsHeld([], [counted('nurse', 'provider', 1, at)], [])).toMatchObject([
    { person: 'nurse', code: false, passkeys: 0, hasNone: false, lastShown: null },
  ]);
});

test('whoever left is marked, until they are back', () => {
  expect(held(told('offboarded', at, 'nurse', yes))).toMatchObject({ left: at });
  expect(held(told('offboarded', at, 'nurse', yes), told('readmitted', at, 'nurse', yes))).toMatchObject({ left: null });
});

test('what was refused, machines and strangers give nobody a factor', () => {
  const refused = told('enrolment', at, 'nurse', { decision: 'refused', factor: 'totp' });
  const machine = told('enrolment', at, 'machine lab', { ...yes, subject: null });
  const nobody = [counted(null, 'totp', 1, at), counted('machine lab', 'token', 1, at)];
  expect(factorsHeld([refused, machine, told('enrolment', at, null, yes)], nobody, nobody)).toEqual([]);
});

test('a person who is called otherwise now is one person, under the name of now', () => {
  const subject = { issuer: 'https://login.example', sub: 'u-1' };
  const renamed = [
    told('enrolment', at, 'smith', { ...yes, subject, factor: 'totp' }),
    told('recovery-code-used', at + 1, 'jones', { ...yes, subject }),
  ];
  expect(factorsHeld(renamed, [counted('smith', 'totp', 2, at), counted('jones', 'totp', 1, at + 1)], [])).toMatchObject([
    { person: 'jones', signIns: 3, code: true },
  ]);
});

test('a record without a name is still a person', () => {
  const subject = { issuer: 'https://login.example', sub: 'u-1' };
  expect(factorsHeld([told('offboarded', at, null, { ...yes, subject })], [], [])).toMatchObject([{ person: null, left: at }]);
});
