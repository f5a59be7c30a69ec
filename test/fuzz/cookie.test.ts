// Cookie headers, whatever their bytes: ours is found only where it stands alone, never reaches the EHR, and the rest of
// the header passes as it was.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cookieName, isOwnId, readCookie } from '../../src/core/session/cookies.ts';
import { cookieForEhr, isOwnCookie } from '../../src/core/session/ehr-cookies.ts';
import { expectBounded, fuzzTimeout, mixedBytes, runs } from '../support/fuzz.ts';

const id = 'A'.repeat(43);
const pieces = [
  `wardgate=${id}`,
  `; wardgate=${id}; `,
  `__Host-wardgate=${id}`,
  'wardgate',
  '__Host-wardgate',
  'WARDGATE',
  'ward.gate',
  '__Secure-wardgate',
  'wardgate-signin',
  '=',
  '=',
  ';',
  '; ',
  ';',
  ',',
  '"',
  ' ',
  '\t',
  '\0',
  'a=1',
  'PHPSESSID=x',
  id,
  '%3D',
  '$Version=1',
  '\\',
];
const header = mixedBytes(pieces);

test('a header has one reading, and nothing of ours passes', { timeout: fuzzTimeout }, () => {
  let found = 0;
  fc.assert(
    fc.property(header, fc.boolean(), (text, secure) => {
      const name = cookieName('session', secure);
      const reading = readCookie([text], name);
      const named = text.split(';').filter((pair) => pair.split('=', 1)[0]?.trim() === name && pair.includes('='));
      expect(reading.kind).toBe(named.length === 0 ? 'none' : named.length === 1 ? 'one' : 'several');
      if (reading.kind === 'one' && isOwnId(reading.value)) found += 1;
      const passed = cookieForEhr(text);
      if (passed === null) return;
      expect(passed.length).toBeLessThanOrEqual(text.length * 2);
      for (const pair of passed.split(';')) expect(pair.split('=', 1)[0]?.trim().toLowerCase()).not.toBe(name.toLowerCase());
      for (const pair of passed.split(';')) expect(isOwnCookie(pair.split('=', 1)[0] ?? '')).toBe(false);
      expect(cookieForEhr(passed)).toBe(passed);
    }),
    runs(4000),
  );
  expect(found).toBeGreaterThan(50);
});

test('64 KB of anything takes one pass', () => {
  expectBounded([';', '=', ' ', 'wardgate', 'wardgate=;', 'a=1; ', '"', '\t ', '-', '_'], (text) => {
    readCookie([text], 'wardgate');
    cookieForEhr(text);
  });
});
