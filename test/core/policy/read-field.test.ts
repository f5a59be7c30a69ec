// A condition's field in its own place, in the other one, and in a body that is no form.

import { describe, expect, test } from 'vitest';
import { fieldlessBody, readQuery, readUrlencoded } from '../../../src/core/policy/fields.ts';
import type { Fields, ParameterDialect } from '../../../src/core/policy/policy.ts';
import { readCondition } from '../../../src/core/policy/read-field.ts';
import { formMayShadow } from '../../../src/core/policy/route-criteria.ts';

function reads(place: 'query' | 'form', query: string, form: string | Fields | null, dialect: ParameterDialect): string {
  const given = { query: readQuery(query, dialect), form: typeof form === 'string' ? readUrlencoded(form, dialect) : form };
  const reading = readCondition(place, 'send', given, dialect);
  return reading.kind === 'one' ? `= ${reading.value}` : reading.kind === 'absent' ? 'absent' : reading.detail;
}

const inForm = 'Field "send" is asked for in the query and sent in the form';
const inQuery = 'Field "send" is asked for in the form and sent in the query';

describe.each(['strict', 'java', 'php'] as const)('%s', (dialect) => {
  test.each<[string, 'query' | 'form', string, string | Fields | null, string]>([
    ['its own place', 'query', 'send=1', '', '= 1'],
    ['its own place, the form unread', 'query', 'send=1', null, '= 1'],
    ['nowhere', 'query', '', 'a=1', 'absent'],
    ['nowhere, the form unread', 'query', '', null, 'absent'],
    ['a form that is none', 'query', '', fieldlessBody, 'absent'],
    ['only in the form', 'query', 'a', 'send=1', dialect === 'php' ? 'absent' : inForm],
    ['broken in the form', 'query', 'a', 'send=%zz', dialect === 'php' ? 'absent' : inForm],
    ['a form in its own place', 'form', '', 'send', '= '],
    ['only in the query', 'form', 'send=1', 'a=1', inQuery],
    ['broken in the query', 'form', 'send=%zz', '', inQuery],
    ['asked of a body that is no form', 'form', '', fieldlessBody, 'Field "send" is asked for in a body that is no form'],
  ])('%s', (_what, place, query, form, expected) => {
    expect(reads(place, query, form, dialect)).toBe(expected);
  });

  test('query and form hold no more fields together than are read, where they are merged', () => {
    const many = (count: number): string => 'a=1&'.repeat(count);
    const tooMany =
      dialect === 'php' ? '= 1' : 'Field "send" is one of 1001 fields in query and form, and 1000 are read for certain';
    expect(reads('form', many(500), `${many(499)}send=1`, dialect)).toBe('= 1');
    expect(reads('form', many(500), `${many(500)}send=1`, dialect)).toBe(tooMany);
    expect(reads('form', many(1), `${many(999)}send=1`, dialect)).toBe(tooMany);
    // The query's come first, and what is not among all of them is not among those that are read.
    expect(reads('query', `${many(500)}send=1`, many(500), dialect)).toBe('= 1');
    expect(reads('form', many(500), many(501), dialect)).toBe('absent');
  });

  test('an unread form may change a condition on the query, unless the field need only be there', () => {
    const asks = (
      query: string,
      expected: 'present' | 'absent' | { readonly value: string },
      form: Fields | null = null,
    ): boolean => formMayShadow([{ name: 'send', expect: expected }], { query: readQuery(query, dialect), form }, dialect);
    const shadows = dialect !== 'php';
    expect([asks('', 'present'), asks('', 'absent'), asks('send=1', { value: '1' })]).toEqual([shadows, shadows, shadows]);
    expect([
      asks('send=1', 'present'),
      asks('', 'present', new Map()),
      formMayShadow([], { query: new Map(), form: null }, dialect),
    ]).toEqual([false, false, false]);
  });
});
