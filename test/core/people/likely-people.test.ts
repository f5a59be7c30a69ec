// Whom a name that nobody has may have meant.

import { expect, test } from 'vitest';
import { likelyPeople } from '../../../src/core/people/likely-people.ts';

const people = [
  { name: 'maria', displayName: 'Maria Lopez' },
  { name: 'mlopez', displayName: null },
  { name: null, displayName: 'Ana Maria' },
  { name: 'bob', displayName: '' },
];

test.each<readonly [string, string | undefined, readonly (string | null)[]]>([
  ['lopez', undefined, ['maria', 'mlopez']],
  ['MARIA', undefined, ['maria', null]],
  ['bob.smith', undefined, ['bob']],
  ['bop', 'bob', ['bob']],
  ['maria l', 'mlopez', ['mlopez', 'maria']],
  [' ', undefined, []],
  ['zed', undefined, []],
])('%j with the nearest %j lists %j', (asked, nearest, names) => {
  expect(likelyPeople(people, asked, nearest).map(({ name }) => name)).toEqual(names);
});

test('ten at most', () => {
  const many = Array.from({ length: 30 }, (_, i) => ({ name: `sam${i}`, displayName: null }));
  expect(likelyPeople(many, 'sam', undefined)).toHaveLength(10);
});
