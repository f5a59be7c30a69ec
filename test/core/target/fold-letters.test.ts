// What the widest folding makes of names, and that plain ones fold as ASCII does.

import { describe, expect, test } from 'vitest';
import { foldLetters } from '../../../src/core/target/fold-letters.ts';
import { holdsLookAlike } from '../../../src/core/target/look-alike.ts';
import { withoutStreams } from '../../../src/core/target/without-stream.ts';

test.each([
  ['Admin', 'admin'],
  ['x-Y_1', 'x-y_1'],
  ['ADMİN', 'admin'],
  ['admın', 'admin'],
  ['Łódź', 'lodz'],
  ['ÄRZTE', 'arzte'],
  ['a\u0308rzte', 'arzte'],
  ['Straße', 'strasse'],
  ['ſ\u212A', 'sk'],
  ['ВРАЧ', 'врач'],
  ['病院', '病院'],
])('%s folds to %s', (text, folded) => {
  expect(foldLetters(text)).toBe(folded);
  expect(foldLetters(folded)).toBe(folded);
});

describe('names of streams', () => {
  test.each([
    [['a', 'b'], null],
    [[':a', ''], null],
    [
      ['a:b', 'c'],
      ['a', 'c'],
    ],
    [
      ['a.:b', 'c: '],
      ['a', 'c'],
    ],
  ])('%j', (segments, files) => {
    expect(withoutStreams(segments)).toEqual(files);
  });
});

test.each([
  ['plain', false],
  ['Jos\u00E9', false],
  ['a\u2215b', true],
  ['a\u00A5b', true],
  ['a\uFF0Fb', true],
])('%j holds a look-alike: %s', (text, found) => {
  expect(holdsLookAlike(text)).toBe(found);
});
