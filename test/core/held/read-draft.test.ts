// What the page script may say of a half-typed form, at and over its limits.

import { expect, test } from 'vitest';
import { readDraft } from '../../../src/core/held/read-draft.ts';
import { draftFields } from '../../../src/core/held/typed-fields.ts';

const field = (text: string, name = 'note') => [name, text];
const many = (count: number) => Array.from({ length: count }, (_, at) => field('a b', `f${at}`));

test.each([
  ['one field', { path: '/a', fields: [field('x')] }, 1],
  ['a hundred fields', { path: '/a', fields: many(100) }, 100],
  ['as many characters as it may', { path: '/a', fields: [field('x'.repeat(99_994))] }, 1],
  ['passwords and blanks beside words', { path: '/a', fields: [field('s', 'pwd'), field(' '), field('x')] }, 1],
])('%s', (_what, body, fields) => {
  expect(readDraft(body)?.fields).toHaveLength(fields);
});

test.each([
  ['text', 'x'],
  ['nothing', null],
  ['no path', { fields: [] }],
  ['no fields', { path: '/a' }],
  ['a path that is none', { path: 1, fields: [] }],
  ['fields that are none', { path: '/a', fields: 'x' }],
  ['a field that is none', { path: '/a', fields: ['x'] }],
  ['a field of three', { path: '/a', fields: [['a', 'b', 'c']] }],
  ['a name that is none', { path: '/a', fields: [[1, 'x']] }],
  ['a text that is none', { path: '/a', fields: [['a', 1]] }],
  ['nothing typed', { path: '/a', fields: [field('')] }],
  ['a hundred and one fields', { path: '/a', fields: many(101) }],
  ['a character too many', { path: '/a', fields: [field('x'.repeat(99_995))] }],
])('%s is no draft', (_what, body) => {
  expect(readDraft(body)).toBeNull();
});

test('what is kept of a draft is all shown as typed, but for passwords', () => {
  const fields = new Map([
    ['note', ['Knee swollen']],
    ['visit', ['12']],
    ['pwd', ['secret']],
  ]);
  expect(draftFields(fields)).toEqual([
    { name: 'note', text: 'Knee swollen', isTyped: true },
    { name: 'visit', text: '12', isTyped: true },
  ]);
});
