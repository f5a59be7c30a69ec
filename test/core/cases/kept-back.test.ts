// What a reader of the record is not shown, because it tells them that they were noticed.

import { expect, test } from 'vitest';
import { isKeptBack } from '../../../src/core/cases/kept-back.ts';

const rita = { issuer: 'https://op.example', sub: 'r', name: 'ri"ta' };
const jane = { issuer: 'https://op.example', sub: 'j' };
const namesake = { issuer: 'https://other.example', sub: 'r' };
const about = `case c, step s: opened with alert 7, about "ri'ta"`;

test.each<[string, typeof jane | null, string | null, boolean]>([
  ['alert', rita, 'Many', true],
  ['response', rita, null, true],
  ['response-lifted', rita, null, true],
  ['alert', namesake, 'Many', false],
  ['alert', null, 'Many', false],
  ['chart-opened', rita, null, false],
  ['case-step', jane, about, true],
  ['case-step', null, about, true],
  ['case-step', jane, about.replace('ri', 'Bri'), false],
  ['case-step', jane, null, false],
  ['case-step', rita, about, false],
])('%s of %o, "%s": kept back %s', (event, subject, detail, isKept) => {
  expect(isKeptBack({ event, subject, detail }, rita)).toBe(isKept);
  expect(isKeptBack({ event, subject, detail }, null)).toBe(false);
});
