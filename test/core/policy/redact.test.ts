// What the audit sees of a target.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unknownPath } from '../../../src/core/patients/named-ids.ts';
import { redactTarget } from '../../../src/core/policy/redact.ts';
import { fakeToken } from '../../support/fake-patients.ts';
import { target } from './build-policy.ts';

test.each([
  ['/a', [], '/a'],
  ['/a?', [], '/a?'],
  ['/Jos%c3%a9?q=O%27Brien&x=1', [], '/Jos%C3%A9?q=-&x=-'],
  ['/a?q=O%27Brien&x=1%202', ['x'], '/a?q=-&x=1%202'],
  ['/a?document&retrieve&&pid=5', [], '/a?document&retrieve&&pid=-'],
  ['/a?x=', [], '/a?x=-'],
  ['/a?=secret', [], '/a?=-'],
  ['/a?x=a=b', [], '/a?x=-'],
  ['/a?x=1&X=2&%78=3', ['x'], '/a?x=1&X=-&%78=-'],
  ['/a?x', ['x'], '/a?x'],
  [`/a?${'n'.repeat(65)}=1&${'v'.repeat(64)}`, [], `/a?${'n'.repeat(64)}=-&${'v'.repeat(64)}`],
  [`/a?${'n'.repeat(65)}=1`, ['n'.repeat(65)], `/a?${'n'.repeat(65)}=1`],
  [`/${'p'.repeat(2047)}`, [], `/${'p'.repeat(2047)}`],
  [`/${'p'.repeat(2048)}`, [], `/${'p'.repeat(2044)}...`],
  [`/a?x=${'1'.repeat(3000)}`, ['x'], `/a?x=${'1'.repeat(2040)}...`],
])('%j', (raw, recordQuery, line) => {
  expect(redactTarget(target(raw), { ...unknownPath, guesses: false, recordQuery }, fakeToken)).toBe(line);
});

test('a value that no rule names never appears', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-f%=+;]{0,10}$/), { maxLength: 30 }), (values) => {
      const raw = `/a?${values.map((value, at) => `n${at}=${value}SECRET`).join('&')}`;
      const line = redactTarget(target(raw), unknownPath, fakeToken);
      expect(line).not.toContain('SECRET');
      expect(line.length).toBeLessThanOrEqual(2048);
    }),
  );
});
