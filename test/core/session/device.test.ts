// What a known device is worth, to whom, and what it may be called.

import { describe, expect, test } from 'vitest';
import { deviceFor, deviceKindOf, readDeviceName } from '../../../src/core/session/device.ts';

const ada = { issuer: 'https://op.example', sub: 'ada' };
const desk = { id: 'd', kind: 'shared', name: 'WS-OR2' } as const;
const laptop = { id: 'e', kind: 'own', name: 'Laptop' } as const;

test.each([
  ['a shared desk to anybody', { ...desk, owner: null }, ada, desk],
  ['her own to herself', { ...laptop, owner: ada }, ada, laptop],
  ['her own to somebody else', { ...laptop, owner: ada }, { ...ada, sub: 'bob' }, null],
  ['her own to the same number elsewhere', { ...laptop, owner: ada }, { ...ada, issuer: 'https://other.example' }, null],
  ['none to anybody', null, ada, null],
])('%s', (_case, device, person, expected) => {
  expect(deviceFor(device, person)).toEqual(expected);
});

test('a browser without a device is of the unknown kind', () => {
  expect([deviceKindOf(desk), deviceKindOf(laptop), deviceKindOf(null)]).toEqual(['shared', 'own', 'unknown']);
});

describe('a name', () => {
  test.each([
    ['WS-OR2', 'WS-OR2'],
    ['  Ward 3  bed side ', 'Ward 3 bed side'],
    ['Poste_été.1', 'Poste_été.1'],
    ['a'.repeat(40), 'a'.repeat(40)],
    ['a'.repeat(41), null],
    ['', null],
    ['-OR2', null],
    ['<b>desk</b>', null],
    ['desk\nroom', null],
    ['desk\u202Eroom', null],
  ])('%j is %j', (typed, expected) => {
    expect(readDeviceName(typed)).toBe(expected);
  });
});
