// What the jar keeps of an EHR's cookies, and which of them go with a request.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCookieDate } from '../../../src/core/ehr/cookie-date.ts';
import { cookiesFor, emptyJar, mergeJars, storeCookies, valuesIn } from '../../../src/core/ehr/jar.ts';
import type { Jar } from '../../../src/core/ehr/jar.ts';
import { expectBounded, mixedBytes, runs } from '../../support/fuzz.ts';

const now = Date.UTC(2026, 0, 15, 12);
const day = 86_400_000;

function jarOf(...setCookies: readonly string[]): Jar {
  return storeCookies(emptyJar, setCookies, '/app/login', now);
}

describe('a Set-Cookie is kept', () => {
  test.each<[string, Partial<Jar[number]> | null]>([
    ['SID=1', { name: 'SID', value: '1', path: '/app', expiresAt: null }],
    [' SID = a b ; Path=/ ', { name: 'SID', value: 'a b', path: '/' }],
    ['SID="a=b"; path=/x; HttpOnly; Secure; SameSite=Strict; Domain=other.example', { value: '"a=b"', path: '/x' }],
    ['SID=; Path=/', { value: '' }],
    ['SID=1; Path=', { path: '/app' }],
    ['SID=1; Path', { path: '/app' }],
    ['SID=1; Path=x/y', { path: '/app' }],
    ['SID=1; Path=/a\tb', { path: '/app' }],
    ['SID=1; Path=/a; Path=/b', { path: '/b' }],
    [`SID=1; Path=/${'a'.repeat(1024)}`, { path: '/app' }],
    ['SID=1; Max-Age=60', { expiresAt: now + 60_000 }],
    ['SID=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', { expiresAt: now + 60_000 }],
    ['SID=1; Max-Age=99999999999', { expiresAt: now + 400 * day }],
    ['SID=1; Max-Age=1e9', { expiresAt: null }],
    ['SID=1; Max-Age=', { expiresAt: null }],
    ['SID=1; Expires=Fri, 16 Jan 2026 12:00:00 GMT', { expiresAt: now + day }],
    ['SID=1; Expires=Fri, 16 Jan 2999 12:00:00 GMT', { expiresAt: now + 400 * day }],
    ['SID=1; Expires=soon', { expiresAt: null }],
    ['SID=1; Max-Age=0', null],
    ['SID=1; Max-Age=-1', null],
    ['SID=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/', null],
    ['SID=1; Expires=Thu, 15 Jan 2026 12:00:00 GMT', null],
    ['SID', null],
    ['', null],
    ['=SID', null],
    [' =1', null],
    ['wardgate=1', null],
    ['__Host-WARD.GATE-browser=1', null],
    ['SID=a\0b', null],
    ['SI\x07D=a', null],
    ['SID=a\r\nb', null],
    ['SID=\u2028', null],
    ['SID=é', { value: 'é' }],
    ['\tSID\t=\tÃ\xa0\t', { name: 'SID', value: 'Ã\xa0' }],
    [`SID=${'a'.repeat(8189)}`, { name: 'SID' }],
    [`SID=${'a'.repeat(8190)}`, null],
  ])('%j', (text, kept) => {
    expect(jarOf(text)).toEqual(kept === null ? [] : [expect.objectContaining(kept)]);
  });

  test.each([
    ['/login', '/'],
    ['/app/login', '/app'],
    ['/app/', '/app'],
    ['/app/x/login?next=/y/z', '/app/x'],
    ['*', '/'],
    ['x/y', '/'],
  ])('in answer to %s, without a path of its own, under %s', (target, path) => {
    expect(storeCookies(emptyJar, ['SID=1'], target, now)[0]?.path).toBe(path);
  });
});

describe('a date is read as browsers do', () => {
  test.each<[string, string | null]>([
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['6 november 70 8:9:7', '1970-11-06T08:09:07.000Z'],
    ['6 nov 69 8:9:7', '2069-11-06T08:09:07.000Z'],
    ['6 nov 694 8:9:7', null],
    ['6 nov 1994', null],
    ['nov 1994 8:9:7', null],
    ['6 1994 8:9:7', null],
    ['6 nov 8:9:7', null],
    ['6 nov 1994 24:9:7', null],
    ['6 nov 1994 8:60:7', null],
    ['6 nov 1994 8:9:60', null],
    ['31 feb 1994 8:9:7', null],
    ['0 nov 1994 8:9:7', null],
    ['', null],
  ])('%j: %s', (text, iso) => {
    const read = readCookieDate(text);
    expect(read === null ? null : new Date(read).toISOString()).toBe(iso);
  });
});

describe('a jar', () => {
  test('of two session cookies in one reply keeps the last, as OpenEMR sends them when it signs somebody on', () => {
    const jar = storeCookies(emptyJar, ['OpenEMR=before; path=/openemr', 'OpenEMR=after; path=/openemr'], '/openemr/x', now);
    expect(cookiesFor(jar, '/openemr/y', now)).toBe('OpenEMR=after');
  });

  test('follows a session that comes back with the same path and another slash', () => {
    const jar = storeCookies(jarOf('OpenEMR=1; path=/openemr', 'a=1'), ['OpenEMR=2; path=/openemr/'], '/openemr/x', now);
    expect(jar.map(({ name, value, path }) => [name, value, path])).toEqual([
      ['OpenEMR', '2', '/openemr/'],
      ['a', '1', '/app'],
    ]);
  });

  test('keeps cookies of one name apart by path, and sends the longer path first', () => {
    const jar = jarOf('SID=root; Path=/', 'a=1; Path=/', 'SID=app; Path=/app');
    expect(cookiesFor(jar, '/app/x?y=/z', now)).toBe('SID=app; SID=root; a=1');
    expect(cookiesFor(jar, '/other', now)).toBe('SID=root; a=1');
    expect(valuesIn(jar, 'SID', now)).toEqual(['app', 'root']);
    expect(valuesIn(jar, 'sid', now)).toEqual([]);
  });

  test.each([
    ['/app', '/app', true],
    ['/app', '/app/', true],
    ['/app', '/app/x', true],
    ['/app', '/apple', false],
    ['/app/', '/app', false],
    ['/app/', '/app/x', true],
    ['/app', '/App', false],
    ['/', '/x', true],
  ])('with path %s for %s: %j', (path, requested, sent) => {
    expect(cookiesFor(jarOf(`SID=1; Path=${path}`), requested, now)).toBe(sent ? 'SID=1' : null);
  });

  test('keeps the place of a cookie that changes, and forgets one that is removed', () => {
    const before = jarOf('a=1', 'b=1', 'c=1');
    const after = storeCookies(before, ['a=2', 'b=; Max-Age=0', 'd=1', 'x=; Max-Age=0'], '/app/login', now);
    expect(cookiesFor(after, '/app', now)).toBe('a=2; c=1; d=1');
    expect(cookiesFor(before, '/app', now)).toBe('a=1; b=1; c=1');
  });

  test('removes by its path alone', () => {
    expect(storeCookies(jarOf('a=1; Path=/app'), ['a=; Path=/; Max-Age=0'], '/app/login', now)).toHaveLength(1);
  });

  test('sends nothing that is over, and drops it when another comes', () => {
    const jar = jarOf('a=1; Max-Age=60', 'b=1');
    expect(cookiesFor(jar, '/app', now + 59_999)).toBe('a=1; b=1');
    expect(cookiesFor(jar, '/app', now + 60_000)).toBe('b=1');
    expect(valuesIn(jar, 'a', now + 60_000)).toEqual([]);
    expect(storeCookies(jar, ['c=1'], '/app/x', now + 60_000).map(({ name }) => name)).toEqual(['b', 'c']);
  });

  test('is the same array where nothing changed', () => {
    const jar = jarOf('a=1', 'b=1; Max-Age=60');
    const same = ['a=1', 'wardgate=1', 'x=; Max-Age=0', 'y=1', 'y=; Max-Age=0', 'b=1; Max-Age=60'];
    expect(storeCookies(jar, same, '/app/login', now)).toBe(jar);
    expect(storeCookies(jar, [], '/app/login', now)).toBe(jar);
    expect(storeCookies(jar, ['b=1; Max-Age=61'], '/app/login', now)).not.toBe(jar);
    expect(storeCookies(jar, ['a=1; Path=/app/'], '/app/login', now)).not.toBe(jar);
  });

  test('holds a hundred, and the oldest goes', () => {
    const jar = jarOf(...Array.from({ length: 103 }, (_, at) => `c${at}=1`));
    expect(jar).toHaveLength(100);
    expect(jar[0]?.name).toBe('c3');
  });
});

describe('what two gateways changed in one jar', () => {
  const before = jarOf('SID=1', 'a=1');
  test.each<[string, readonly string[], readonly string[], string]>([
    ['nothing here', ['b=2'], [], 'SID=1; a=1; b=2'],
    ['nothing elsewhere', [], ['b=2'], 'SID=1; a=1; b=2'],
    ['different cookies', ['b=2', 'a=2'], ['c=3'], 'SID=1; a=2; b=2; c=3'],
    ['the same cookie: here is later', ['a=2'], ['a=3'], 'SID=1; a=3'],
    ['the same new cookie: here is later', ['b=2'], ['b=3'], 'SID=1; a=1; b=3'],
    ['one taken back here', ['b=2'], ['a=; Max-Age=0'], 'SID=1; b=2'],
    ['one taken back here that is new elsewhere', ['a=2'], ['a=; Max-Age=0'], 'SID=1; a=2'],
    ['one taken back elsewhere', ['a=; Max-Age=0'], ['b=2'], 'SID=1; b=2'],
    ['one taken back elsewhere that is new here', ['a=; Max-Age=0'], ['a=2'], 'SID=1; a=2'],
  ])('%s', (_, elsewhere, here, expected) => {
    const [stored, next] = [elsewhere, here].map((set) => storeCookies(before, set, '/app/login', now));
    expect(cookiesFor(mergeJars(stored ?? [], before, next ?? []), '/app', now)).toBe(expected);
  });
});

test('whatever an EHR sets is one plain cookie, and storing it twice changes nothing', () => {
  const pieces = ['SID', 'a', '=', '=', ';', '; Path=', '/', '/app', '; Max-Age=', '60', '0', '-1', '; Expires=', 'Fri, 16 Jan 2026 12:00:00 GMT', 'wardgate', ',', ' ', '\0', '\r\n', '"']; // prettier-ignore
  let kept = 0;
  fc.assert(
    fc.property(fc.array(mixedBytes(pieces, 10), { maxLength: 5 }), mixedBytes(['/', 'app', '?', ';'], 4), (list, target) => {
      const jar = storeCookies(emptyJar, list, target, now);
      kept += jar.length;
      for (const { name, value, path } of jar) {
        expect(name).toMatch(/^[\x20-\x7e\x80-\xff]+$/);
        expect(name).not.toMatch(/[=;]/);
        expect(value).toMatch(/^[\x20-\x7e\x80-\xff]*$/);
        expect(value).not.toContain(';');
        expect(path.startsWith('/')).toBe(true);
        expect(valuesIn(jar, name, now)).toContain(value);
      }
      const again = storeCookies(jar, jar.map(({ name, value, path }) => `${name}=${value}; Path=${path}`), target, now); // prettier-ignore
      expect(cookiesFor(again, '/app', now)).toBe(cookiesFor(jar, '/app', now));
    }),
    runs(2000),
  );
  expect(kept).toBeGreaterThan(200);
});

test('no Set-Cookie takes long', () => {
  const parts = ['a', ' ', '=', ';', 'a=1;', '; Path=/', 'Expires=1:1:1 ', '1:', '1 ', 'jan '];
  expectBounded(parts, (text) => storeCookies(emptyJar, [text, `a=1; ${text}`, `a=1; Expires=${text}`], text, now));
  expectBounded(parts, (text) => readCookieDate(text));
});
