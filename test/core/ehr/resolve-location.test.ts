// Where a Location leads on the same EHR, and that nothing leads off it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveLocation } from '../../../src/core/ehr/resolve-location.ts';
import { matchesPath, withoutParameters } from '../../../src/core/ehr/target-path.ts';
import { expectBounded, mixedText, runs } from '../../support/fuzz.ts';
import { pattern } from '../policy/build-policy.ts';

const origins = ['https://ehr.clinic.example', 'http://10.0.0.5:8080'];
const target = '/app/sub/login.php?next=/x/y';

describe('leads to', () => {
  test.each([
    ['/app/home', '/app/home'],
    ["/app/home?a=1&&b[]=|{}'", "/app/home?a=1&&b[]=|{}'"],
    ['home.php', '/app/sub/home.php'],
    ['../main/home.php?x=../y', '/app/main/home.php?x=../y'],
    ['./', '/app/sub/'],
    ['.', '/app/sub/'],
    ['..', '/app/'],
    ['../../../../a', '/a'],
    ['/a/./b/../c', '/a/c'],
    ['/a/%2E%2e/b/%2e', '/b/'],
    ['?a=1', '/app/sub/login.php?a=1'],
    ['#top', target],
    ['', target],
    ['/a#b?c', '/a'],
    ['j_security_check;jsessionid=A.1', '/app/sub/j_security_check;jsessionid=A.1'],
    [' /app/home ', '/app/home'],
    ['/a b"<é>`?x=ü y', '/a%20b%22%3C%C3%A9%3E%60?x=%C3%BC%20y'],
    ['/a\ud800', '/a%EF%BF%BD'],
    ['https://ehr.clinic.example/app', '/app'],
    ['HTTPS://EHR.clinic.example:443/app?x', '/app?x'],
    ['https://ehr.clinic.example', '/'],
    ['https://ehr.clinic.example?x=1', '/?x=1'],
    ['http://10.0.0.5:8080/a', '/a'],
    ['//ehr.clinic.example/a', '/a'],
    ['//10.0.0.5:8080', '/'],
    ['/a//b', '/a//b'],
  ])('%j: %s', (location, line) => {
    expect(resolveLocation(location, target, origins)).toBe(line);
  });
});

describe('leads nowhere', () => {
  test.each([
    ['https://evil.example/app'],
    ['//evil.example/app'],
    ['///evil.example'],
    ['////evil.example'],
    ['/.//evil.example'],
    ['/a/..//evil.example'],
    ['http://ehr.clinic.example/app'],
    ['https://ehr.clinic.example:8443/app'],
    ['https://ehr.clinic.example.evil.example/'],
    ['https://ehr.clinic.example@evil.example/'],
    ['https://evil.example@ehr.clinic.example/'],
    ['https://ehr.clinic.example:x/'],
    ['https:/ehr.clinic.example/a'],
    ['https:a'],
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['ftp://ehr.clinic.example/'],
    ['/\\evil.example'],
    ['\\\\evil.example'],
    ['/a\tb'],
    ['/\n/evil.example'],
    ['/a\r\nSet-Cookie: x=1'],
    ['/a\0'],
    ['/a\x7f'],
  ])('%j', (location) => {
    expect(resolveLocation(location, target, origins)).toBeNull();
  });

  test('what is longer than a request line may be', () => {
    expect(resolveLocation(`/${'a'.repeat(8191)}`, target, origins)).toHaveLength(8192);
    expect(resolveLocation(`/${'a'.repeat(8192)}`, target, origins)).toBeNull();
  });

  test('without names of the EHR, or with one that is no origin, for every host', () => {
    expect(resolveLocation('//ehr.clinic.example/a', target, [])).toBeNull();
    expect(resolveLocation('//ehr.clinic.example/a', target, ['ehr'])).toBeNull();
    expect(resolveLocation('/a', target, [])).toBe('/a');
  });
});

test('whatever the EHR writes, it is nowhere or one request line that a browser reads as this host', () => {
  const pieces = ['/', '//', '.', '..', '%2e', '\\', ':', '@', '?', '#', ';', 'http', 'https:', '//ehr.clinic.example', '10.0.0.5:8080', 'evil.example', 'a', ' ', '\t', '\n', '%', '[', '|']; // prettier-ignore
  let led = 0;
  fc.assert(
    fc.property(mixedText(pieces, 10), (location) => {
      const line = resolveLocation(location, target, origins);
      if (line === null) return;
      led += 1;
      expect(line).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
      expect(line).not.toMatch(/[\\#]/);
      expect(new URL(line, 'https://gateway.example').host).toBe('gateway.example');
      expect(new URL(line, 'https://gateway.example').pathname.split('/').length).toBe(
        line.replace(/\?.*$/, '').split('/').length,
      );
      expect(resolveLocation(line, '/', origins)).toBe(line);
    }),
    runs(4000),
  );
  expect(led).toBeGreaterThan(500);
});

test('where browsers agree that it is this EHR, they agree on the address', () => {
  const segment = fc.constantFrom('a', 'b', '.', '..', '%2e', '%2E%2e', 'c.d', '');
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 8 }), fc.boolean(), (segments, absolute) => {
      const location = `${absolute ? '/' : './'}${segments.join('/')}`;
      const url = URL.parse(location, `https://ehr.clinic.example${target}`);
      const expected = url?.origin === origins[0] && !url?.pathname.startsWith('//') ? (url?.pathname ?? null) : null;
      expect(resolveLocation(location, target, origins)).toBe(expected);
    }),
    runs(2000),
  );
});

test('no Location takes long', () => {
  expectBounded(['/', '../', './', '%2e/', '//', ':', '@', '[', ' ', '"', 'é', '?', '#', 'http:', ';'], (text) => [
    resolveLocation(text, target, origins),
    resolveLocation(`//${text}`, target, origins),
    resolveLocation(`/${text}`, text, origins),
  ]);
});

test.each([
  ['/app/home', '/app/home', true],
  ['/app/home', '/app/home?x=/y', true],
  ['/app/home', '/app;jsessionid=1.a/home;jsessionid=2?x=;y', true],
  ['/app/home', '/app/home/', false],
  ['/app/home', '/app/Home', false],
  ['/app/Jos\u00e9', '/app/Jos%C3%A9', true],
  ['/app/*', '/app/%FF%', true],
  ['/app/\u00ff', '/app/%FF', false],
  ['/', '/', true],
])('pattern %s fits %s: %j', (source, line, fits) => {
  expect(matchesPath(pattern(source), line)).toBe(fits);
});

test('path parameters are taken out of the path alone', () => {
  expect(withoutParameters('/a;b=1/c;d?e=;f')).toBe('/a/c?e=;f');
  expect(withoutParameters('/a;')).toBe('/a');
});
