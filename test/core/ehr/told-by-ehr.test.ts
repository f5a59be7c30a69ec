// What the EHR's page said is quoted without anything that was typed into it.

import { expect, test } from 'vitest';
import { toldByEhr } from '../../../src/core/ehr/told-by-ehr.ts';

test.each<readonly [told: string, typed: readonly string[], quoted: string]>([
  ['Please choose a new password', ['hunter2'], 'Please choose a new password'],
  ['Your password hunter2 is\n too  old', ['hunter2', ''], 'Your password ••• is too old'],
  ['pin 1234 of 123456', ['1234', '123456'], 'pin ••• of •••'],
  ['two  words\there', ['two words'], '••• here'],
  ['', ['x'], ''],
])('%j without %j is %j', (told, typed, quoted) => {
  expect(toldByEhr(told, typed)).toBe(quoted);
});

test('it is cut at a word', () => {
  const quoted = toldByEhr('word '.repeat(500), []);
  expect(quoted.length).toBeLessThanOrEqual(601);
  expect(quoted.endsWith('word…')).toBe(true);
});
