// Who comes in without the provider has which roles, and when they go back to it: at, under and over the limits.

import { expect, test } from 'vitest';
import { emergencyRoles } from '../../../src/core/emergency/emergency-roles.ts';
import { providerIsBack } from '../../../src/core/emergency/provider-is-back.ts';
import { isEmergency } from '../../../src/core/session/is-emergency.ts';

const seenAt = 1_000_000_000;
const days = 86_400_000;
const known = new Set(['nurse', 'physician', 'it']);

test.each<[string, readonly string[], readonly string[] | null, number, readonly string[]]>([
  ['all they had', ['nurse', 'it'], null, 0, ['nurse', 'it']],
  ['those that the clinic lets them have', ['nurse', 'it'], ['nurse', 'physician'], 0, ['nurse']],
  ['none that they had not', ['nurse'], ['physician'], 0, []],
  ['none that the rules have forgotten', ['nurse', 'registrar'], null, 0, ['nurse']],
  ['thirty days later', ['nurse'], null, 30 * days, ['nurse']],
  ['a millisecond more', ['nurse'], null, 30 * days + 1, []],
  ['seen in the future, because the clock was set back', ['nurse'], null, -1, []],
])('%s', (_case, roles, narrowed, later, expected) => {
  expect(emergencyRoles({ roles, seenAt }, narrowed, known, seenAt + later)).toEqual(expected);
});

test.each([
  ['while it is silent', null, 0, 99_000_000, false],
  ['a millisecond before a quarter of an hour', 1000, 0, 900_999, false],
  ['after a quarter of an hour', 1000, 0, 901_000, true],
  ['counted from the sign-in, where that was later', 1000, 5000, 901_000, false],
])('%s', (_case, answersSince, signedInAt, now, expected) => {
  expect(providerIsBack(answersSince, signedInAt, now)).toBe(expected);
});

test('a session is one of an emergency until it has shown itself to the provider', () => {
  expect([isEmergency({}), isEmergency({ emergencyUntil: null }), isEmergency({ emergencyUntil: 5 })]).toEqual([
    false,
    false,
    true,
  ]);
});
