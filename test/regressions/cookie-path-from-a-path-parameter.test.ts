// A cookie without a path is kept for the folder of the request that it answers. That folder was taken as the request line
// had it, with path parameters and whatever else stood there: `/app;jsessionid=1/login` gave the path `/app;jsessionid=1`,
// under which the session was not sent to `/app/home`, and whose `;` would begin an attribute where the cookie is written.

import { expect, test } from 'vitest';
import { cookiesFor, emptyJar, storeCookies } from '../../src/core/ehr/jar.ts';

test.each([
  ['/app;jsessionid=1/login', '/app'],
  ['/app/login;a=1/b;c?d=/e/f;g', '/app/login'],
  ['/app/login;jsessionid=1', '/app'],
  ['/;a=1/login', '/'],
  ['/app/x\u0001/login', '/'],
  ['/app/x\u007f/login', '/'],
  ['/app/x\r\nSet-Cookie: a=1/login', '/'],
  ['/app/\u2028/login', '/'],
  ['app;x/y/z', '/'],
  [';Domain=evil.example', '/'],
  ['', '/'],
])('in answer to %j the path is %s', (target, path) => {
  expect(storeCookies(emptyJar, ['SID=1'], target, 0)).toEqual([{ name: 'SID', value: '1', path, expiresAt: null }]);
});

test('the session goes with the pages below its folder, with and without a path parameter', () => {
  const jar = storeCookies(emptyJar, ['SID=1'], '/app;jsessionid=1/login', 0);
  expect(cookiesFor(jar, '/app/home', 0)).toBe('SID=1');
  expect(cookiesFor(jar, '/app;jsessionid=1/home?a=;b', 0)).toBe('SID=1');
  expect(cookiesFor(jar, '/apple;a=/x', 0)).toBeNull();
});
