// Ways are shown to whom the rules would let through, and to nobody else.

import { expect, test } from 'vitest';
import type { Person } from '../../../src/core/policy/authorize.ts';
import { mayOpen } from '../../../src/core/policy/may-open.ts';
import { indexRules } from '../../../src/core/policy/rule-index.ts';
import { policy, question, route, rule } from './build-policy.ts';

const rules = policy([
  rule('own', [route('/console/reports')], { allow: ['nurse'], zones: ['clinic'] }),
  rule('all', [route('/console/**')], { allow: ['privacy'] }),
]);

test.each<readonly [string, string, Partial<Person>, boolean]>([
  ['a role that the rule names', '/console/people', { roles: ['privacy'] }, true],
  ['another role', '/console/people', { roles: ['nurse'] }, false],
  ['the first rule that fits, which decides alone', '/console/reports', { roles: ['privacy'] }, false],
  ['its role in its zone', '/console/reports', { roles: ['nurse'] }, true],
  ['its role elsewhere', '/console/reports', { roles: ['nurse'], zones: [] }, false],
  ['an address that no rule fits', '/elsewhere', { roles: ['privacy'] }, false],
])('%s', (_what, path, more, expected) => {
  const person = { roles: [], zones: ['clinic'], weekday: 1, minute: 600, grantOpen: false, ...more };
  expect(mayOpen(rules, indexRules(rules), question(path), person)).toBe(expected);
});
