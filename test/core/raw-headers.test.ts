// Headers as they stand on the wire: by name in any capitals, repeats included, and never a value for a name.

import { expect, it } from 'vitest';
import { headerOf, headersOf, isNamed } from '../../src/core/raw-headers.ts';

const headers = ['X-Note', 'etag', 'ETag', 'one', 'etag', 'two', 'Age', '1'];

it.each([
  ['etag', ['one', 'two']],
  ['x-note', ['etag']],
  ['age', ['1']],
  ['1', []],
  ['one', []],
  ['date', []],
])('%s: %j', (name, values) => {
  expect(headersOf(headers, name)).toEqual(values);
  expect(headerOf(headers, name)).toBe(values[0] ?? null);
});

it.each([
  ['Set-Cookie', 'set-cookie', true],
  ['set-cookie2', 'set-cookie', false],
  ['set_cookie', 'set-cookie', false],
  ['', 'set-cookie', false],
  [undefined, 'set-cookie', false],
])('%j is named %s: %s', (given, name, expected) => {
  expect(isNamed(given, name)).toBe(expected);
});
