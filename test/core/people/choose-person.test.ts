// Whom somebody means by what they typed: one person, or nobody is chosen.

import { expect, test } from 'vitest';
import { choosePerson } from '../../../src/core/people/choose-person.ts';
import type { Candidate } from '../../../src/core/people/choose-person.ts';

const at = (issuer: string, sub: string | null, name: string | null): Candidate => ({ issuer, sub, name });

const maria = at('a', '1', 'maria');
const other = at('a', '2', 'maria');
const elsewhere = at('b', '1', 'maria');
const waiting = at('a', null, 'maria');
const nameless = at('a', '3', null);

test.each<readonly [what: string, all: readonly Candidate[], asked: string, chosen: object]>([
  ['nobody at all', [], 'maria', { chosen: 'none' }],
  ['nobody of that name', [maria], 'Maria', { chosen: 'none' }],
  ['one of that name', [maria, nameless], 'maria', { chosen: 'one', found: [maria] }],
  ['one by sub', [maria, nameless], '3', { chosen: 'one', found: [nameless] }],
  ['a name before a sub', [maria, at('a', 'maria', 'x')], 'maria', { chosen: 'one', found: [maria] }],
  ['two of one name', [maria, other], 'maria', { chosen: 'several', people: [maria, other] }],
  ['one name at two providers', [maria, elsewhere], 'maria', { chosen: 'several', people: [maria, elsewhere] }],
  ['somebody of whom two things are kept', [maria, maria], 'maria', { chosen: 'one', found: [maria, maria] }],
  ['whoever waits is who came', [waiting, maria], 'maria', { chosen: 'one', found: [waiting, maria] }],
  ['whoever waits alone', [waiting], 'maria', { chosen: 'one', found: [waiting] }],
  ['whoever waits at another provider', [at('c', null, 'maria'), maria], 'maria', { chosen: 'several', people: [at('c', null, 'maria'), maria] }], // prettier-ignore
])('%s', (_what, all, asked, chosen) => {
  expect(choosePerson(all, asked)).toEqual(chosen);
});
