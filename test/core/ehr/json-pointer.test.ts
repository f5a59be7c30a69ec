// One value of a JSON body by its pointer; the table is that of RFC 6901 section 5, and what objects inherit is not in it.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonAt } from '../../../src/core/ehr/json-pointer.ts';
import { expectBounded, mixedText, runs } from '../../support/fuzz.ts';

const text = JSON.stringify({ foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'm~n': 8, ' ': 7, 'k"l': 6, no: null, deep: [{ x: false }] });

test.each([
  ['', JSON.parse(text)],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/m~0n', 8],
  ['/ ', 7],
  ['/k"l', 6],
  ['/no', null],
  ['/deep/0/x', false],
])('%j finds %j', (pointer, value) => {
  expect(jsonAt(text, pointer)).toEqual({ found: true, value });
});

test.each([
  ['foo'],
  ['/foo/2'],
  ['/foo/00'],
  ['/foo/-'],
  ['/foo/1e0'],
  ['/foo/length'],
  ['/foo/0/length'],
  ['/foo/0/0'],
  ['/no/x'],
  ['/a~b'],
  ['/m~'],
  ['/constructor'],
  ['/__proto__'],
  ['/toString'],
  ['/foo/'],
])('%j finds nothing', (pointer) => {
  expect(jsonAt(text, pointer)).toEqual({ found: false });
});

test.each(['', 'x', '{"a":1', '{"a":1}x', "{'a':1}", 'undefined'])('text that is no JSON, %j, holds nothing', (broken) => {
  expect(jsonAt(broken, '')).toEqual({ found: false });
});

test('a byte order mark is no part of the text, and a member called __proto__ is one', () => {
  expect(jsonAt('\ufeff{"__proto__":1}', '/__proto__')).toEqual({ found: true, value: 1 });
});

test('every leaf of any JSON is found by its pointer', () => {
  let leaves = 0;
  const visit = (whole: string, value: unknown, pointer: string): void => {
    expect(jsonAt(whole, pointer)).toEqual({ found: true, value });
    leaves += 1;
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value))
      visit(whole, inner, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  };
  fc.assert(
    fc.property(fc.json(), (whole) => visit(whole, JSON.parse(whole), '')),
    runs(300),
  );
  expect(leaves).toBeGreaterThan(500);
});

test('nothing makes it throw or take long', () => {
  const pieces = ['{', '}', '[', ']', '"a"', ':', ',', '1', 'null', '/', '~0', '~1', '~', '0'];
  fc.assert(
    fc.property(mixedText(pieces), mixedText(pieces, 6), (whole, pointer) => {
      expect(typeof jsonAt(whole, pointer).found).toBe('boolean');
    }),
    runs(2000),
  );
  expectBounded(['[', '{"a":', '"', '\\', '1', ' ', '/', '~', '~0'], (whole) => [jsonAt(whole, '/a'), jsonAt('{}', whole)]);
});
