// By which cookie a session of the EHR is told from another, and which sessions a reply opens.

import { expect, test } from 'vitest';
import { ehrSessionsSent, ehrSessionsSet } from '../../../src/core/session/ehr-session.ts';

test.each([
  [undefined, []],
  ['theme=dark', []],
  ['SID', []],
  ['=SID', []],
  ['SID=1', ['1']],
  ['theme=dark;  SID = 1 ; x=y', ['1']],
  ['SID=', ['']],
  ['SID=a=b', ['a=b']],
  ['sid=1', []],
  ['XSID=1; SIDX=2', []],
  ['SID=1; SID=2', ['1', '2']],
])('the cookies "%s" name the sessions %j', (cookie, expected) => {
  expect(ehrSessionsSent(cookie, 'SID')).toEqual(expected);
});

const now = Date.UTC(2026, 0, 1);

test.each([
  [[], []],
  [['SID=2; Path=/; HttpOnly'], ['2']],
  [['theme=dark; SID=2'], []],
  [
    ['SID=2', 'SID=3'],
    ['2', '3'],
  ],
  [[''], []],
  [['SID='], []],
  [['SID=deleted; Max-Age=0'], []],
  [['SID=deleted; max-age = -1'], []],
  [['SID=4; Max-Age=60'], ['4']],
  [['SID=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/'], []],
  [['SID=deleted; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], []],
  [['SID=5; Expires=Fri, 01 Jan 2027 00:00:00 GMT'], ['5']],
  [['SID=6; Expires=whenever'], ['6']],
])('the reply %j opens %j', (cookies, expected) => {
  expect(ehrSessionsSet(cookies, 'SID', now)).toEqual(expected);
});
