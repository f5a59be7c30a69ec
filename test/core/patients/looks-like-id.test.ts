// Which parts of an address, and which words of a sentence, may be somebody's id.

import { expect, test } from 'vitest';
import { looksLikeId, wordLooksLikeId } from '../../../src/core/patients/looks-like-id.ts';

test.each([
  ['', false],
  ['patients', false],
  ['index2.php', false],
  ['v2', false],
  ['R4', false],
  ['view_print_report2.php', false],
  ['fhir-r4', false],
  ['.well-known', false],
  ['4', true],
  ['4.js', true],
  ['4711', true],
  ['4711.pdf', true],
  ['MRN-123', true],
  ['p0001', true],
  ['jquery-3.6.0.min.js', true],
  ['1.2.840.113619.2.55', true],
  ['12-34', true],
  ['1a', false],
  ['1@', true],
  ['abcdefghijklmno1', true],
  ['abcdefghijklmn1', false],
  ['abcdefghijklmno', false],
  ['abcdefgh_ijklmno1', false],
  ['abcdefab-cdef-abcd-efab-cdefabcdefab', true],
  ['abcdefab-cdef-abcd-efab-cdefabcdefag', false],
  ['Zoë', true],
  ['٤٧', true],
  ['jane@clinic.example', true],
  ['@openmrs', false],
  ['~aaaqeayeaudaocajbifqydiob4', true],
  ['~aaaaaaaaaaaaaaaaaaaaaaaaaa', true],
  ['~home', false],
])('part %j: %s', (part, expected) => {
  expect(looksLikeId(part)).toBe(expected);
});

test.each([
  ['pain', false],
  ['12', false],
  ['7', false],
  ['Zoë', false],
  ['101', true],
  ['p0001', true],
  ['abcdefab-cdef-abcd-efab-cdefabcdefab', true],
  ['~aaaaaaaaaaaaaaaaaaaaaaaaaa', true],
])('word %j: %s', (word, expected) => {
  expect(wordLooksLikeId(word)).toBe(expected);
});
