// Which language a browser gets, by what it sends.

import { expect, test } from 'vitest';
import { bestLanguage } from '../../../src/core/language/best-language.ts';
import { languages } from '../../../src/core/language/language.ts';

test.each([
  ['', 'en', 'en'],
  ['', 'es', 'es'],
  ['es', 'en', 'es'],
  ['ES-mx', 'en', 'es'],
  ['es-419;q=0.9', 'en', 'es'],
  ['en-US,en;q=0.9,es;q=0.8', 'es', 'en'],
  ['fr,es;q=0.5,en;q=0.7', 'es', 'en'],
  ['fr, de;q=0.8', 'es', 'es'],
  ['en;q=0.5, es;q=0.5', 'es', 'en'],
  ['es;q=0', 'en', 'en'],
  ['es;q=0, en;q=0', 'es', 'es'],
  ['*', 'es', 'es'],
  ['fr, *;q=0.5', 'es', 'es'],
  ['es;q=0.1, *;q=0.5', 'en', 'en'],
  // A weight above one is none above one.
  ['es;q=1.999, en', 'en', 'es'],
  // What cannot be read asks for nothing.
  ['es;q=high', 'en', 'en'],
  ['es;q=0.12345', 'en', 'en'],
  ['español', 'en', 'en'],
  ['<es>', 'en', 'en'],
  ['constructor, __proto__, es', 'en', 'es'],
  // More than any browser sends is not read.
  [`${'fr,'.repeat(20)}es`, 'en', 'en'],
  [`${' '.repeat(500)}es`, 'en', 'en'],
] as const)('"%s" where the clinic speaks %s gives %s', (header, fallback, expected) => {
  expect(bestLanguage(header, languages, fallback)).toBe(expected);
});
