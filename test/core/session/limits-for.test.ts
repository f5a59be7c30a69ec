// Of all limits that apply, the strictest.

import { expect, test } from 'vitest';
import { limitsFor } from '../../../src/core/session/limits-for.ts';

const table = {
  everywhere: { idleSeconds: 900, absoluteSeconds: 43_200 },
  zones: new Map([
    ['desks', { idleSeconds: 300, absoluteSeconds: null }],
    ['home', { idleSeconds: null, absoluteSeconds: 14_400 }],
  ]),
  roles: new Map([
    ['it', { idleSeconds: 600, absoluteSeconds: 28_800 }],
    ['lenient', { idleSeconds: 7200, absoluteSeconds: 99_999 }],
  ]),
};

test.each([
  ['nothing special', [], [], 900, 43_200],
  ['an unknown role and zone', ['nurse'], ['moon'], 900, 43_200],
  ['a desk', ['nurse'], ['desks'], 300, 43_200],
  ['a strict role', ['it'], [], 600, 28_800],
  ['a strict role at a desk at home', ['it'], ['desks', 'home'], 300, 14_400],
  ['a lenient role lengthens nothing', ['lenient'], [], 900, 43_200],
])('%s', (_case, roles, zones, idleSeconds, absoluteSeconds) => {
  expect(limitsFor(table, roles, zones)).toEqual({ idleSeconds, absoluteSeconds });
});
