// Rule patterns, whatever IT types: a pattern or a sentence that says what is wrong with it, and matching that no address
// can make slow, not even one written against a pattern full of stars.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchPattern } from '../../src/core/policy/match-pattern.ts';
import { parsePattern } from '../../src/core/policy/path-pattern.ts';
import { foldAscii } from '../../src/core/target/fold-ascii.ts';
import { foldLetters } from '../../src/core/target/fold-letters.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { expectBounded, fuzzTimeout, mixedText, runs } from '../support/fuzz.ts';

const pieces = [
  '/',
  '/',
  '/',
  '*',
  '**',
  '/**',
  '{a}',
  '{b}',
  '{',
  '}',
  'x',
  'a*b',
  '*.css',
  'chart',
  '?',
  '%',
  '\\',
  ';',
  '#',
  '.',
  '..',
  ' ',
  '\u0000',
  '{a,b}',
  ':',
  'é',
];
const source = mixedText(pieces).map((text) => `/${text}`);

test('a pattern or one sentence, and matching says yes or no', { timeout: fuzzTimeout }, () => {
  let parsed = 0;
  fc.assert(
    fc.property(
      source,
      fc.array(fc.constantFrom('x', 'chart', 'a', 'axb', 'X.css', '', 'é'), { minLength: 1, maxLength: 8 }),
      fc.constantFrom(null, foldAscii, foldLetters),
      (text, segments, fold) => {
        const pattern = parsePattern(text);
        if ('problem' in pattern) {
          expect(pattern.problem.length).toBeLessThan(900);
          expect(pattern.problem).not.toMatch(/[\n\r\0]/);
          return;
        }
        parsed += 1;
        expect(parsePattern(pattern.source)).toEqual(pattern);
        const captures = matchPattern(pattern, segments, fold);
        if (captures !== null) for (const value of captures.values()) expect(segments).toContain(value);
        // What matches exactly matches folded too: capitals are never a way out.
        if (captures !== null)
          for (const wider of [foldAscii, foldLetters]) expect(matchPattern(pattern, segments, wider)).not.toBeNull();
        const literal = pattern.segments.every((piece) => piece.kind === 'literal')
          ? canonicalize(encodeURI(pattern.source), 'generic', 8192)
          : null;
        if (literal !== null && !('reason' in literal)) expect(matchPattern(pattern, literal.segments, null)).not.toBeNull();
      },
    ),
    runs(5000),
  );
  expect(parsed).toBeGreaterThan(300);
});

test('the longest pattern against the longest address', () => {
  const hostile = [
    '/**/a'.repeat(100),
    '/*a'.repeat(120),
    `/${'*a'.repeat(200)}`,
    '/**/*a*b'.repeat(60),
    `${'/**'.repeat(100)}/z`,
    '/{a}/**/b'.repeat(1),
  ];
  for (const text of hostile) {
    const pattern = parsePattern(text);
    if ('problem' in pattern) throw new Error(pattern.problem);
    expectBounded(['a/', '/a', 'a', 'ab/', 'b'], (address) => {
      matchPattern(pattern, address.split('/'), foldLetters);
      matchPattern(pattern, address.split('/'), null);
    });
  }
  expectBounded(['/**', '*', '{', '/{a}', '%', '/', '{a,', '**'], (text) => parsePattern(text));
});
