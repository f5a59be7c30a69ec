// What a person may ask for: what a rule decided by who, where and when, and nothing else.

import { expect, test } from 'vitest';
import { mayBeAskedFor } from '../../../src/core/policy/may-be-asked-for.ts';
import { reasons } from '../../../src/core/reasons.ts';
import type { Reason } from '../../../src/core/reasons.ts';

test('what the rules decide may be asked for, and nothing else', () => {
  const all = Object.keys(reasons) as Reason[];
  expect(all.filter(mayBeAskedFor)).toEqual([
    'no-rule',
    'role-not-permitted',
    'zone-not-permitted',
    'hours-not-permitted',
    'export-not-permitted',
  ]);
});
