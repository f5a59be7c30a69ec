// The form of a patient's token.

import { expect, test } from 'vitest';
import { isPatientToken, writePatientToken } from '../../../src/core/patients/patient-token.ts';

const token = '~aaaqeayeaudaocajbifqydiob4';

test('a token is a tilde and the first 16 bytes in lower-case base32', () => {
  const bytes = Uint8Array.from({ length: 32 }, (_none, n) => n);
  expect(writePatientToken(bytes)).toBe(token);
  expect(writePatientToken(bytes.subarray(0, 16))).toBe(token);
});

test.each([
  [token, true],
  ['', false],
  ['7', false],
  [token.slice(1), false],
  [token.slice(0, -1), false],
  [`${token}a`, false],
  [token.toUpperCase(), false],
  [token.replace('q', '1'), false],
  [`${token}\n`, false],
])('%j is a token: %s', (text, expected) => {
  expect(isPatientToken(text)).toBe(expected);
});
