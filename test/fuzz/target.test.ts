// Request targets, whatever their bytes: nothing throws, what is accepted is its own canonical form in every profile, and
// no byte of it is one that a server could read in two ways.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestLine } from '../../src/core/target/canonical-target.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { redactTarget } from '../../src/core/policy/redact.ts';
import { expectBounded, fuzzTimeout, mixedBytes, runs } from '../support/fuzz.ts';
import { dots, separators, tails } from '../support/target-grammar.ts';
import { fakeToken } from '../support/fake-patients.ts';
import { unknownPath } from '../../src/core/patients/named-ids.ts';

const maxBytes = 8192;
const profiles = ['generic', 'java', 'php', 'windows'] as const;
const pieces = [
  ...separators,
  ...dots,
  ...tails,
  'a',
  'chart',
  'x.php',
  'con',
  '%41',
  '%7e',
  '%C3%A9',
  '%e2%84%aa',
  '@',
  ':',
  '%3a',
  '+',
  '=',
  '&',
  '?',
];
const target = fc.oneof(
  mixedBytes(pieces).map((text) => `/${text}`),
  mixedBytes(pieces),
);

test('what is accepted is canonical, and canonical once more', { timeout: fuzzTimeout }, () => {
  let accepted = 0;
  fc.assert(
    fc.property(target, fc.constantFrom(...profiles), (raw, profile) => {
      const first = canonicalize(raw, profile, maxBytes);
      if ('reason' in first) {
        expect(first.detail.length).toBeLessThan(300);
        expect(first.detail).toMatch(/^[ -~]*$|\p{L}/u);
        return;
      }
      accepted += 1;
      const line = requestLine(first);
      expect(canonicalize(line, profile, maxBytes)).toEqual(first);
      expect(line.length).toBeLessThanOrEqual(maxBytes);
      expect(first.path).toMatch(/^\/(?!\/)(?:[A-Za-z0-9\-._~!$&'()*+,=/]|%[0-9A-F]{2})*$/);
      expect(first.path).not.toMatch(
        /%(?:[01][0-9A-F]|7F|2F|5C|25|3F|23|3B)|\/\.{1,2}(?:\/|$)|\/\/|[.](?:\/|$)|%20(?:\/|$)|\/%20|%3A%3A/,
      );
      expect(
        `/${first.segments.map((segment) => encodeURIComponent(segment).replaceAll(/%(?:24|26|2B|2C|3D)/g, decodeURIComponent)).join('/')}`,
      ).toBe(first.path);
      expect(redactTarget(first, unknownPath, fakeToken).length).toBeLessThanOrEqual(2048);
    }),
    runs(6000),
  );
  expect(accepted).toBeGreaterThan(200);
});

test('64 KB of anything takes one pass', () => {
  expectBounded(['/', '/a', '%41', '/%2e', '%c3%a9', '.', '/..', 'é', '/a.', ':', '%3A', '~1', '%', '\\', '?', ';'], (text) => {
    for (const profile of profiles) canonicalize(`/${text}`, profile, 1_000_000);
  });
});
