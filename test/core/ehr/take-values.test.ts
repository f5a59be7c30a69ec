// What a recipe takes from a reply, and how it fills it into the next request.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeTemplate, encodeForm, encodeJson, fillTarget, fillTemplate } from '../../../src/core/ehr/fill-template.ts';
import type { Jar } from '../../../src/core/ehr/jar.ts';
import type { Take } from '../../../src/core/ehr/recipe.ts';
import { takeValues } from '../../../src/core/ehr/take-values.ts';
import { runs } from '../../support/fuzz.ts';
import { reply, template } from './build-recipe.ts';

const origins = ['http://ehr.local:8080'];
const now = 1_000_000;
const named = { name: 'v', at: 'ours.yaml:7' } as const;
const html = '<form action="j_security_check;jsessionid=1"><input type=hidden name=csrf value="a&amp;b"></form>';
const jar: Jar = [
  { name: 'XSRF', value: 'root', path: '/', expiresAt: null },
  { name: 'XSRF', value: 'app', path: '/app', expiresAt: null },
  { name: 'OLD', value: '1', path: '/', expiresAt: now },
];

function taken(take: Take, body: string, headers: readonly string[] = []): string | null {
  const values = takeValues([take], reply('/app/sub/page', 200, headers, body), jar, origins, now);
  if ('missing' in values) {
    expect(values.missing).toBe(take);
    return null;
  }
  return values.get('v') ?? 'nothing';
}

describe('is taken', () => {
  test.each<[string, Take, string, string | null]>([
    ['a field', { ...named, from: 'field', field: 'csrf' }, html, 'a&b'],
    ['a field that is missing', { ...named, from: 'field', field: 'token' }, html, null],
    ['an action', { ...named, from: 'form-action', holds: 'j_security' }, html, '/app/sub/j_security_check;jsessionid=1'],
    [
      'an action on a base',
      { ...named, from: 'form-action', holds: 'j_' },
      `<base href="http://ehr.local:8080/ctx/p">${html}`,
      '/ctx/j_security_check;jsessionid=1',
    ],
    [
      'an action on a base elsewhere',
      { ...named, from: 'form-action', holds: 'j_' },
      `<base href="//evil.example/">${html}`,
      null,
    ],
    ['an action elsewhere', { ...named, from: 'form-action', holds: 'j_' }, '<form action="//evil.example/j_x">', null],
    ['an action that is missing', { ...named, from: 'form-action', holds: 'login' }, html, null],
    ['a cookie, that of the longest path', { ...named, from: 'cookie', cookie: 'XSRF' }, '', 'app'],
    ['a cookie that is over', { ...named, from: 'cookie', cookie: 'OLD' }, '', null],
    ['a header', { ...named, from: 'header', header: 'X-Token' }, '', 't'],
    ['a header that is missing', { ...named, from: 'header', header: 'X-Other' }, '', null],
    ['a JSON text', { ...named, from: 'json', pointer: '/a/0' }, '{"a":["x"]}', 'x'],
    ['a JSON number', { ...named, from: 'json', pointer: '/a' }, '{"a":7}', '7'],
    ['a JSON boolean', { ...named, from: 'json', pointer: '/a' }, '{"a":false}', 'false'],
    ['a JSON null', { ...named, from: 'json', pointer: '/a' }, '{"a":null}', null],
    ['a JSON object', { ...named, from: 'json', pointer: '/a' }, '{"a":{}}', null],
    ['what is no JSON', { ...named, from: 'json', pointer: '/a' }, 'a', null],
    ['a text between two', { ...named, from: 'between', before: 'token = "', after: '"' }, 'var token = "abc"; "', 'abc'],
    ['a text that never begins', { ...named, from: 'between', before: 'token = "', after: '"' }, 'var x = "abc"', null],
    ['a text that never ends', { ...named, from: 'between', before: 'token = "', after: '"' }, 'token = "abc', null],
  ])('%s', (_what, take, body, value) => {
    expect(taken(take, body, ['x-token', 't'])).toBe(value);
  });

  test('all or nothing', () => {
    const takes: readonly Take[] = [
      { name: 'a', at: '1', from: 'field', field: 'csrf' },
      { name: 'b', at: '2', from: 'header', header: 'b' },
    ];
    expect(takeValues(takes, reply('/', 200, ['b', '1'], html), jar, origins, now)).toEqual(new Map([['a', 'a&b'], ['b', '1']])); // prettier-ignore
    expect(takeValues(takes, reply('/', 200, [], html), jar, origins, now)).toEqual({ missing: takes[1] });
  });

  test('nothing in a way that nobody has written yet', () => {
    expect(() => taken({ ...named, from: 'thin air' } as unknown as Take, '')).toThrow('Unexpected variant');
  });
});

describe('is filled in', () => {
  const values = new Map([['a', "x/../y?z=1&é #'"], ['b', '7'], ['lone', '\ud800']]); // prettier-ignore

  test.each([
    ['/p?q={b}', '/p?q=7', '/p?q=7'],
    ['/p/{a}', "/p/x/../y?z=1&é #'", "/p/x%2F..%2Fy%3Fz%3D1%26%C3%A9%20%23'"],
    ['{a}', "x/../y?z=1&é #'", "x/../y?z=1&é #'"],
    ['{a}{b}', "x/../y?z=1&é #'7", "x%2F..%2Fy%3Fz%3D1%26%C3%A9%20%23'7"],
    ['/{lone}', '/\ud800', '/%EF%BF%BD'],
    ['', '', ''],
  ])('%s, as it is and in a request line', (text, plain, target) => {
    expect(fillTemplate(template(text), values)).toBe(plain);
    expect(fillTarget(template(text), values)).toBe(target);
    expect(describeTemplate(template(text))).toBe(text);
  });

  test('nothing where a value is missing', () => {
    expect(fillTemplate(template('/{b}/{c}/{d}'), values)).toEqual({ missing: 'c' });
    expect(fillTarget(template('{d}'), values)).toEqual({ missing: 'd' });
  });

  test('a form and JSON in their order', () => {
    expect(encodeForm([['b', 'x y&=+é'], ['a', ''], ['b', '\ud800']])).toBe('b=x+y%26%3D%2B%C3%A9&a=&b=%EF%BF%BD'); // prettier-ignore
    expect(encodeJson([['b', '"\n'], ['1', 'x'], ['__proto__', 'y']])).toBe('{"b":"\\"\\n","1":"x","__proto__":"y"}'); // prettier-ignore
    expect(encodeForm([])).toBe('');
    expect(encodeJson([])).toBe('{}');
  });

  test('any value so that a form, JSON and a query give it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(new URLSearchParams(encodeForm([['a', value], ['b', '1']])).getAll('a')).toEqual([value]); // prettier-ignore
        expect(JSON.parse(encodeJson([['a', value], ['b', '1']]))).toEqual({ a: value, b: '1' }); // prettier-ignore
        const filled = fillTarget(template('/p?a={a}&b=1'), new Map([['a', value]]));
        const target = typeof filled === 'string' ? filled : '';
        expect(target).toMatch(/^[\x21-\x7e]+$/);
        expect(new URL(target, 'http://x').searchParams.get('a')).toBe(value);
      }),
      runs(1000),
    );
  });
});
