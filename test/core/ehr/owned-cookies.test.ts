// A browser cannot bring a cookie that the gateway keeps, under whatever spelling.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cookiesBesideJar, isOwned } from '../../../src/core/ehr/owned-cookies.ts';
import type { Jar } from '../../../src/core/ehr/jar.ts';
import { isOwnCookie } from '../../../src/core/session/ehr-cookies.ts';
import type { CookieClasses } from '../../../src/core/ehr/recipe.ts';
import { expectBounded, mixedBytes, runs } from '../../support/fuzz.ts';

const classes: CookieClasses = { jar: ['OpenEMR'], passthrough: ['App', 'bahmni.user'], seed: [] };
const jar: Jar = ['session_id', 'App'].map((name) => ({ name, value: '1', path: '/', expiresAt: null }));

describe('a cookie of the browser', () => {
  test.each([
    ['OpenEMR', true],
    ['openemr', true],
    ['Open.EMR', true],
    ['%4FpenEMR', true],
    ['OpenEMR[]', true],
    ['OpenEMR%00x', true],
    ['session_id', true],
    ['session id', true],
    ['session[id', true],
    ['session%5Bid%00[', true],
    ['App', false],
    ['bahmni.user', false],
    ['app', false],
    ['OpenEMRs', false],
    ['theme', false],
  ])('named %j is dropped: %j', (name, dropped) => {
    expect(isOwned(classes, jar, name)).toBe(dropped);
    expect(cookiesBesideJar(`x=1; ${name}=evil`, classes, jar)).toBe(dropped ? 'x=1' : `x=1; ${name}=evil`);
  });

  test.each([
    [undefined, null],
    ['', null],
    [' ; ;', null],
    ['theme=dark', 'theme=dark'],
    ['theme=dark; OpenEMR=1;lang=en', 'theme=dark; lang=en'],
    ['wardgate=1; __Host-wardgate=2; theme=dark', 'theme=dark'],
    ['OpenEMR=1', null],
    ['=OpenEMR=1; a=1', 'a=1'],
    ['a=1,OpenEMR=2; b=1', 'b=1'],
    ['App=1,OpenEMR=2; b=1', 'b=1'],
    ['App=1, x=2; b=1', 'App=1, x=2; b=1'],
    ['bahmni.user={"a":1,"b":2}', 'bahmni.user={"a":1,"b":2}'],
  ])('of %j, %j goes on', (cookie, expected) => {
    expect(cookiesBesideJar(cookie, classes, jar)).toBe(expected);
  });

  test('that the jar alone names is dropped, and passes again when the jar is empty', () => {
    expect(cookiesBesideJar('session_id=1', classes, [])).toBe('session_id=1');
  });

  test('that passes does so by this spelling alone, where the gateway keeps another of the same reading', () => {
    const both: CookieClasses = { jar: ['bahmni_user'], passthrough: ['bahmni.user'], seed: [] };
    expect(cookiesBesideJar('bahmni.user=1; bahmni_user=2; BAHMNI.USER=3', both, [])).toBe('bahmni.user=1');
  });
});

test('whatever a browser sends, nothing that the gateway keeps goes on', () => {
  const pieces = ['OpenEMR', 'open', 'emr', '=', '=', ';', '; ', ',', '[', '%00', '%4F', 'App', 'session', '_', '.', 'id', '1', ' ', '"', 'wardgate']; // prettier-ignore
  let changed = 0;
  fc.assert(
    fc.property(mixedBytes(pieces), (text) => {
      const passed = cookiesBesideJar(text, classes, jar);
      if (passed === null) return;
      if (passed !== text) changed += 1;
      for (const pair of passed.split(';')) {
        const [name = ''] = pair.split('=');
        expect(isOwned(classes, jar, name.trim())).toBe(false);
        expect(isOwnCookie(name)).toBe(false);
      }
      expect(cookiesBesideJar(passed, classes, jar)).toBe(passed);
    }),
    runs(3000),
  );
  expect(changed).toBeGreaterThan(300);
});

test('no Cookie header takes long', () => {
  expectBounded([',', '=', ' ', '[', '%00', ';', 'a,', 'App=,', '%5B', '= '], (text) => cookiesBesideJar(text, classes, jar));
});
