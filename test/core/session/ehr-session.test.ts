// By which cookie a session of the EHR is told from another.

import { expect, test } from 'vitest';
import { ehrSessionAfter, ehrSessionOf } from '../../../src/core/session/ehr-session.ts';

test.each([
  [undefined, 'SID', null],
  ['SID=1', null, null],
  ['theme=dark', 'SID', null],
  ['SID', 'SID', null],
  ['=SID', 'SID', null],
  ['SID=1', 'SID', '1'],
  ['theme=dark;  SID = 1 ; x=y', 'SID', '1'],
  ['SID=', 'SID', ''],
  ['SID=a=b', 'SID', 'a=b'],
  ['sid=1', 'SID', null],
  ['XSID=1; SIDX=2', 'SID', null],
  ['SID=1; SID=2', 'SID', '1 2'],
])('the cookies "%s" name the session of "%s" as %j', (cookie, name, expected) => {
  expect(ehrSessionOf(cookie, name)).toBe(expected);
});

test.each([
  ['1', [], 'SID', '1'],
  ['1', ['Set-Cookie', 'SID=2; Path=/'], null, '1'],
  ['1', ['Set-Cookie', 'SID=2; Path=/; HttpOnly'], 'SID', '2'],
  [null, ['set-cookie', 'SID=2'], 'SID', '2'],
  ['1', ['Set-Cookie', 'theme=dark; SID=2'], 'SID', '1'],
  ['1', ['X-Cookie', 'SID=2'], 'SID', '1'],
  ['1', ['Set-Cookie', 'SID=2', 'Set-Cookie', 'SID=3'], 'SID', '3'],
  ['1', ['Set-Cookie', 'SID=deleted; Max-Age=0'], 'SID', 'deleted'],
  ['1', ['Set-Cookie'], 'SID', '1'],
])('after %j the reply %j leaves, for "%s", %j', (before, headers, name, expected) => {
  expect(ehrSessionAfter(before, headers, name)).toBe(expected);
});
