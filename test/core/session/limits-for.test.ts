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
  devices: new Map([
    ['shared' as const, { idleSeconds: 180, endAfterLockSeconds: null, absoluteSeconds: null }],
    ['unknown' as const, { idleSeconds: null, endAfterLockSeconds: 1200, absoluteSeconds: null }],
  ]),
};

const desk = { id: 'd', kind: 'shared', name: 'WS-OR2' } as const;
const mine = { id: 'e', kind: 'own', name: 'Laptop' } as const;

test.each([
  ['nothing special', [], [], mine, 900, 1800, 43_200],
  ['an unknown role and zone', ['nurse'], ['moon'], mine, 900, 1800, 43_200],
  ['a desk', ['nurse'], ['desks'], mine, 300, 600, 43_200],
  ['a strict role', ['it'], [], mine, 600, 900, 28_800],
  ['a strict role at a desk at home', ['it'], ['desks', 'home'], mine, 300, 600, 14_400],
  ['a lenient role lengthens nothing', ['lenient'], [], mine, 900, 1800, 43_200],
  ['a shared device', [], [], desk, 180, 1800, 43_200],
  ['a shared device where the zone is stricter in another way', [], ['desks'], desk, 180, 600, 43_200],
  ['a browser that nobody knows', [], [], null, 900, 1200, 43_200],
])('%s', (_case, roles, zones, device, idleSeconds, endAfterLockSeconds, absoluteSeconds) => {
  expect(limitsFor(table, { roles, device }, zones)).toEqual({ idleSeconds, endAfterLockSeconds, absoluteSeconds });
});
