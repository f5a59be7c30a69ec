// Of all limits that apply, the strictest.

import { expect, test } from 'vitest';
import { limitsFor } from '../../../src/core/session/limits-for.ts';

const table = {
  everywhere: { idleSeconds: 900, endAfterLockSeconds: 1800, absoluteSeconds: 43_200 },
  zones: new Map([
    ['desks', { idleSeconds: 300, endAfterLockSeconds: 600, absoluteSeconds: null }],
    ['home', { idleSeconds: null, endAfterLockSeconds: null, absoluteSeconds: 14_400 }],
  ]),
  roles: new Map([
    ['it', { idleSeconds: 600, endAfterLockSeconds: 900, absoluteSeconds: 28_800 }],
    ['lenient', { idleSeconds: 7200, endAfterLockSeconds: 9999, absoluteSeconds: 99_999 }],
  ]),
};

test.each([
  ['nothing special', [], [], 900, 1800, 43_200],
  ['an unknown role and zone', ['nurse'], ['moon'], 900, 1800, 43_200],
  ['a desk', ['nurse'], ['desks'], 300, 600, 43_200],
  ['a strict role', ['it'], [], 600, 900, 28_800],
  ['a strict role at a desk at home', ['it'], ['desks', 'home'], 300, 600, 14_400],
  ['a lenient role lengthens nothing', ['lenient'], [], 900, 1800, 43_200],
])('%s', (_case, roles, zones, idleSeconds, endAfterLockSeconds, absoluteSeconds) => {
  expect(limitsFor(table, roles, zones)).toEqual({ idleSeconds, endAfterLockSeconds, absoluteSeconds });
});
