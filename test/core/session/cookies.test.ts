// Our cookies: names, reading, writing. A cookie given twice is nobody's.

import { expect, test } from 'vitest';
import { cookieName, isOwnId, readCookie, setCookie } from '../../../src/core/session/cookies.ts';

test.each([
  ['none', [], { kind: 'none' }],
  ['another name', ['a=1; __Host-wardgatex=2'], { kind: 'none' }],
  ['one', ['a=1; __Host-wardgate=abc; b=2'], { kind: 'one', value: 'abc' }],
  ['one, without spaces', ['a=1;__Host-wardgate=abc;b'], { kind: 'one', value: 'abc' }],
  ['an equals sign within', ['__Host-wardgate=a=b'], { kind: 'one', value: 'a=b' }],
  ['two in one header', ['__Host-wardgate=a; __Host-wardgate=b'], { kind: 'several' }],
  ['two in two headers', ['__Host-wardgate=a', '__Host-wardgate=a'], { kind: 'several' }],
  ['no name', ['=a'], { kind: 'none' }],
])('%s', (_case, headers, expected) => {
  expect(readCookie(headers, '__Host-wardgate')).toEqual(expected);
});

test.each([
  ['session', true, '__Host-wardgate'],
  ['session', false, 'wardgate'],
  ['interaction', true, '__Host-wardgate-signin'],
  ['browser', false, 'wardgate-browser'],
  ['retry', true, '__Host-wardgate-retry'],
] as const)('%s, secure %s: %s', (cookie, secure, name) => {
  expect(cookieName(cookie, secure)).toBe(name);
});

test('written with everything a browser can hold it to', () => {
  expect(setCookie('session', 'x', true, null)).toBe('__Host-wardgate=x; Path=/; HttpOnly; SameSite=Lax; Secure');
  expect(setCookie('session', '', false, 0)).toBe('wardgate=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0');
});

test.each([
  ['a'.repeat(43), true],
  ['a'.repeat(42), false],
  ['a'.repeat(44), false],
  [`${'a'.repeat(42)}=`, false],
  ['', false],
])('%s is an id: %s', (value, expected) => {
  expect(isOwnId(value)).toBe(expected);
});
