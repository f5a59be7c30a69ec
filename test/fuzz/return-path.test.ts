// Return paths, whatever somebody put into the link: a browser that follows one stays on this host.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { returnPath, withReturn } from '../../src/sign-in/return-path.ts';
import { expectBounded, fuzzTimeout, mixedText, runs } from '../support/fuzz.ts';

const origin = 'https://ehr.northside.example';
const pieces = [
  '/',
  '/',
  '//',
  '\\',
  '@',
  ':',
  'https:',
  'evil.example',
  '%2f',
  '%5c',
  '%09',
  '\t',
  '\n',
  '%0d%0a',
  '?',
  '#',
  '..',
  '.',
  'javascript:',
  'data:',
  'chart',
  '\u2215',
  '\uFF0F',
  '%ef%bc%8f',
  '/.wardgate/sign-in',
  '\u00AD',
];
const stated = fc.oneof(
  mixedText(pieces),
  mixedText(pieces).map((text) => `/${text}`),
);

test('every reader of the address ends on our own host', { timeout: fuzzTimeout }, () => {
  let kept = 0;
  fc.assert(
    fc.property(stated, fc.constantFrom('generic', 'java', 'php', 'windows'), (text, profile) => {
      const path = returnPath(text, profile);
      expect(path.length).toBeLessThanOrEqual(2000);
      expect(path).toMatch(/^\/(?![/\\])[!-~]*$/);
      expect(new URL(path, origin).origin).toBe(origin);
      expect(returnPath(path, profile)).toBe(path);
      expect(new URL(withReturn('/.wardgate/step-up', path), origin).searchParams.get('return') ?? '/').toBe(path);
      if (path !== '/') kept += 1;
    }),
    runs(4000),
  );
  expect(kept).toBeGreaterThan(50);
});

test('what is no text is the start page', () => {
  fc.assert(
    fc.property(
      fc.anything().filter((value) => typeof value !== 'string'),
      (value) => {
        expect(returnPath(value, 'generic')).toBe('/');
      },
    ),
    runs(200),
  );
});

test('64 KB of anything takes one pass', () => {
  expectBounded(['/', '/a', '\\', '%2f', '//', '@'], (text) => returnPath(text, 'generic'));
});
