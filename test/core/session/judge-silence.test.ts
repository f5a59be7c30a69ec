// A session whose roles cannot be read again: at, under and over the grace time, by what its person has proved since.

import { expect, test } from 'vitest';
import { judgeSilence } from '../../../src/core/session/judge-silence.ts';
import type { FactorEvidence } from '../../../src/core/session/session.ts';

const settings = { recheckEverySeconds: 900, recheckGraceSeconds: 3600 };
const start = 1_000_000_000;
const minute = 60_000;

test.each<[string, FactorEvidence['method'], number, number, string]>([
  ['within the grace time', 'totp', 0, 75 * minute - 1, 'goes-on'],
  ['at its end', 'totp', 0, 75 * minute, 'locks'],
  ['with a proof to us since', 'totp', 60 * minute, 75 * minute, 'goes-on'],
  ['a grace time after that proof', 'passkey', 60 * minute, 120 * minute, 'locks'],
  ['a millisecond before it', 'recovery-code', 60 * minute, 120 * minute - 1, 'goes-on'],
  ['with a proof to the provider, which cannot be asked', 'provider', 60 * minute, 75 * minute, 'locks'],
  ['with a proof in the future, because the clock was set back', 'totp', 600 * minute, 135 * minute, 'goes-on'],
  ['twelve hours after they were due', 'totp', 730 * minute, 735 * minute, 'ends'],
  ['a millisecond before that', 'totp', 730 * minute, 735 * minute - 1, 'goes-on'],
])('%s', (_case, method, at, now, expected) => {
  expect(judgeSilence({ rolesCheckedAt: start, factor: { method, at: start + at } }, settings, start + now)).toBe(expected);
});

test('a grace time that is longer than twelve hours counts', () => {
  const session = { rolesCheckedAt: start, factor: { method: 'totp', at: start } } as const;
  const long = { ...settings, recheckGraceSeconds: 24 * 3600 };
  expect(judgeSilence(session, long, start + 20 * 60 * minute)).toBe('goes-on');
});
