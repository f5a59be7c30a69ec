// Dates of birth as exports write them; what could be two days is refused with the fix.

import { expect, test } from 'vitest';
import { readBirthDate } from '../../../src/core/patients/birth-date.ts';

test.each([
  ['', null],
  ['1980-02-29', '1980-02-29'],
  ['1980-02-29 00:00:00', '1980-02-29'],
  ['1980-02-29T00:00', '1980-02-29'],
  ['19800229', '1980-02-29'],
  ['29.2.1980', '1980-02-29'],
  ['01.12.2001', '2001-12-01'],
])('%j is %j', (text, date) => {
  expect(readBirthDate(text)).toEqual({ date });
});

test.each([
  ['3/4/1980', 'write it as 1980-12-31, because 3/4/1980 is two days'],
  ['1980', 'write it as 1980-12-31, because 3/4/1980 is two days'],
  ['1980-02-29 07:00', 'write it as 1980-12-31, because 3/4/1980 is two days'],
  ['1981-02-29', 'there is no such day'],
  ['1981-13-01', 'there is no such day'],
  ['31.4.1980', 'there is no such day'],
])('%j is none: %s', (text, why) => {
  expect(readBirthDate(text)).toEqual({ why });
});
