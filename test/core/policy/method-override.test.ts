// Which fields name another method, in which spellings and places, and where a body must be read for them.

import { describe, expect, test } from 'vitest';
import { fieldlessBody, readQuery, readUrlencoded } from '../../../src/core/policy/fields.ts';
import { methodOverride, overrideMayHideInBody, readJsonNames } from '../../../src/core/policy/method-override.ts';
import type { ParameterDialect } from '../../../src/core/policy/policy.ts';

const anywhere = ['_method', '_verb'];

function inQuery(query: string, dialect: ParameterDialect, names: readonly string[] = anywhere): string | null {
  return methodOverride(names, readQuery(query, dialect), null, dialect);
}

describe('in the query', () => {
  test.each<[string, ParameterDialect, string | null]>([
    ['_method=DELETE', 'strict', '_method'],
    ['_method', 'java', '_method'],
    ['a=1&_verb=PUT', 'php', '_verb'],
    ['.method=DELETE', 'php', '_method'],
    ['_method[]=DELETE', 'php', '_method'],
    ['_METHOD=DELETE', 'strict', '_method'],
    ['_METHOD=DELETE', 'php', null],
    ['.method=DELETE', 'java', null],
    ['_method=%zz', 'java', '_method'],
    ['method=DELETE', 'strict', null],
    ['a=1;b=2', 'strict', null],
    ['a=1;_method=PUT', 'strict', '_method'],
    ['a=1;_method=PUT', 'java', null],
    ['%u005fmethod', 'strict', '_method'],
    ['?_method=PUT', 'strict', '_method'],
    ['_method+=PUT', 'strict', '_method'],
    ['_method%09', 'strict', '_method'],
    ['%C1%9Fmethod&%E0%82%80&%F0%80%81%9F', 'strict', '_method'],
    [`${'a&'.repeat(1000)}b`, 'php', '_method'],
  ])('%s under %s: %s', (query, dialect, name) => {
    expect(inQuery(query, dialect)).toBe(name);
    expect(
      inQuery(
        query,
        dialect,
        anywhere.map((one) => `query.${one}`),
      ),
    ).toBe(name);
  });
});

describe('in the form', () => {
  const query = readQuery(null, 'strict');
  test.each([
    [['_method'], '_method=DELETE', '_method'],
    [['query._method'], '_method=DELETE', null],
    [['query._method', '_verb'], '_method=DELETE&_verb=1', '_verb'],
    [['_method'], 'a=1', null],
    [[], '_method=DELETE', null],
  ] as const)('%j of %s: %s', (names, form, name) => {
    expect(methodOverride(names, query, readUrlencoded(form, 'strict'), 'strict')).toBe(name);
  });

  test('a body that is no form names none, and an unread one neither', () => {
    expect(methodOverride(anywhere, query, fieldlessBody, 'strict')).toBeNull();
    expect(methodOverride(anywhere, query, null, 'strict')).toBeNull();
  });

  test('is looked for where a name is not kept to the address', () => {
    expect([[], ['query._method'], ['_method'], ['query.a', 'b']].map(overrideMayHideInBody)).toEqual([false, false, true, true]);
  });
});

test('JSON: the names of the outermost object, or that they cannot be told', () => {
  const names = (text: string): readonly string[] | null => {
    const read = readJsonNames(text);
    return read === null ? null : [...read.keys()];
  };
  expect(names('{"_method":"DELETE","a":{"b":1}}')).toEqual(['_method', 'a']);
  expect(names('{"\\u005fmethod":1,"__proto__":1}')).toEqual(['_method', '__proto__']);
  expect(['[{"_method":1}]', 'null', '"_method"', '1'].map(names)).toEqual([[], [], [], []]);
  expect(['', '{', '{_method:1}', '\uFEFF{}'].map(names)).toEqual([null, null, null, null]);
});
