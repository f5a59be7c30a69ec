// Who types a name finds the patient however the EHR wrote it.

import { expect, test } from 'vitest';
import { mostNameParts, nameParts } from '../../../src/core/patients/name-parts.ts';

test.each([
  ['Marta Ruiz', ['marta', 'ruiz']],
  ['Ruiz-García, MARTA', ['ruiz', 'garcia', 'marta']],
  ['  José  María ', ['jose', 'maria']],
  ['Jose\u0301', ['jose']],
  ["O'Brien", ['obrien']],
  ['O’Brien', ['obrien']],
  ['Weiß Weiss', ['weiss']],
  ['Łukasz Sørensen Ægir Œuvre', ['lukasz', 'sorensen', 'aegir', 'oeuvre']],
  ['Þór Đorđević Guðrún Işık', ['thor', 'dordevic', 'gudrun', 'isik']],
  ['İSTANBUL', ['istanbul']],
  ['Ａｄａ', ['ada']],
  ['李 小龙', ['李', '小龙']],
  ['Ng 2nd', ['ng', '2nd']],
  ['Ann Ann', ['ann']],
  ['---', []],
  ['', []],
])('%j has the parts %j', (name, parts) => {
  expect(nameParts(name)).toEqual(parts);
});

test('a name of many parts is cut at the most there are', () => {
  const long = Array.from({ length: mostNameParts + 3 }, (_none, at) => `part${at}`);
  expect(nameParts(long.join(' '))).toEqual(long.slice(0, mostNameParts));
});
