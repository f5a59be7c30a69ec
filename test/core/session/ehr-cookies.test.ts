// Of the cookies that could name a session of the EHR, the one that is this person's goes on, first and alone.

import { expect, test } from 'vitest';
import { cookieForEhr } from '../../../src/core/session/ehr-cookies.ts';

test.each([
  [undefined, '1', null],
  ['', '1', 'SID=1'],
  ['theme=dark', null, 'theme=dark'],
  ['SID=1', '1', 'SID=1'],
  ['theme=dark; SID=2; SID=1', '1', 'SID=1; theme=dark'],
  ['SID=2', null, null],
  ['theme=dark; sid=2', null, 'theme=dark'],
  ['%53ID=2; a=1', null, 'a=1'],
  ['SID[]=2; a=1', null, 'a=1'],
  ['"SID"=2; a=1', null, 'a=1'],
  ['S.ID=2; a=1', null, 'a=1'],
  ['=SID=2; a=1', null, 'a=1'],
  ['a=1,SID=2', null, null],
  ['a=1, b=2; MYSID=3', null, 'a=1, b=2; MYSID=3'],
  ['wardgate=x; SID=1', '1', 'SID=1'],
])('of %j, with session %j, %j goes on', (cookie, value, expected) => {
  expect(cookieForEhr(cookie, { name: 'SID', value })).toBe(expected);
});

test('where nobody knows which cookie that is, all but ours go on', () => {
  expect(cookieForEhr('SID=1; wardgate=x; SID=2')).toBe('SID=1; SID=2');
});
