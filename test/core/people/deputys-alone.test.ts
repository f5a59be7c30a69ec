// What is about somebody who reviews is the deputy's to judge, and no colleague's.

import { expect, test } from 'vitest';
import { deputysAlone } from '../../../src/core/people/deputys-alone.ts';

const person = (name: string) => ({ issuer: 'i', sub: name, name });
const reviewers = ['rita', 'rex', 'dora'];
const isReviewer = ({ sub }: { readonly sub: string }): boolean => reviewers.includes(sub);

test.each<[string, string | null, readonly (string | null)[], string, boolean]>([
  ['of a nurse, to a reviewer', 'dora', ['jane'], 'rita', false],
  ['of a reviewer, to a colleague', 'dora', ['rex'], 'rita', true],
  ['of a reviewer among others', 'dora', ['jane', null, 'rex'], 'rita', true],
  ['of a reviewer, to the deputy, in capitals', ' Dora', ['rex'], 'dora ', false],
  ['of a reviewer, where nobody is named', null, ['rex'], 'rita', false],
  ['of the deputy', 'dora', ['dora'], 'rita', false],
  ['of nobody', 'dora', [null], 'rita', false],
])('what is %s, is closed: %s %j %s', (_, deputy, about, actor, expected) => {
  const people = about.map((name) => (name === null ? null : person(name)));
  expect(deputysAlone(people, person(actor), { deputy, isReviewer })).toBe(expected);
});
