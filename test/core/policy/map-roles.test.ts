// Claims in the shapes that providers send, and the roles made of them.

import { describe, expect, test } from 'vitest';
import { mapRoles, readClaim } from '../../../src/core/policy/map-roles.ts';

const values = (...list: readonly string[]): unknown => ({ kind: 'values', values: list });
const absent = { kind: 'absent' };
const overage = { kind: 'overage' };

describe('readClaim', () => {
  test.each([
    ['a list', { groups: ['a', 'b'] }, 'groups', values('a', 'b')],
    ['a string is one value', { roles: 'a b, c' }, 'roles', values('a b, c')],
    ['only strings count', { groups: ['a', 1, null, ['b']] }, 'groups', values('a')],
    ['an empty list', { groups: [] }, 'groups', values()],
    ['nested', { realm_access: { roles: ['a'] } }, 'realm_access.roles', values('a')],
    ['nested deeper', { resource_access: { 'ehr.gateway': { roles: ['a'] } } }, 'resource_access.ehr.gateway.roles', values('a')],
    ['a name with slashes and dots', { 'https://clinic.example/roles': ['a'] }, 'https://clinic.example/roles', values('a')],
    ['the literal name wins', { 'a.b': ['literal'], a: { b: ['nested'] } }, 'a.b', values('literal')],
    ['a dead end does not hide another way', { 'a.b': {}, a: { 'b.c': ['x'] } }, 'a.b.c', values('x')],
    ['absent', {}, 'groups', absent],
    ['absent below', { realm_access: {} }, 'realm_access.roles', absent],
    ['through a string', { realm_access: 'x' }, 'realm_access.roles', absent],
    ['through null', { realm_access: null }, 'realm_access.roles', absent],
    ['a number', { groups: 5 }, 'groups', absent],
    ['null', { groups: null }, 'groups', absent],
    ['an object', { groups: { a: 1 } }, 'groups', absent],
    ['nothing inherited', {}, 'constructor.name', absent],
    ['a leading dot', { '': { a: ['x'] } }, '.a', absent],
    ['Entra leaves groups out', { _claim_names: { groups: 'src1' }, _claim_sources: {} }, 'groups', overage],
    ['Entra says hasgroups', { hasgroups: true }, 'groups', overage],
    ['hasgroups is not true', { hasgroups: 'true' }, 'groups', absent],
    ['groups are there after all', { groups: ['a'], hasgroups: true, _claim_names: { groups: 'src1' } }, 'groups', values('a')],
    ['app roles are not what is left out', { _claim_names: { groups: 'src1' }, hasgroups: true }, 'roles', absent],
    ['app roles are left out', { _claim_names: { roles: 'src1' } }, 'roles', overage],
    ['a marker of another shape', { _claim_names: 'groups' }, 'groups', absent],
  ])('%s', (_, claims, path, reading) => {
    expect(readClaim(claims, path)).toEqual(reading);
  });
});

test('mapRoles keeps the file order, takes any group of a role, and compares exactly', () => {
  const roles = new Map([
    ['physician', ['Clinic-Physicians', '6f1c']],
    ['nurse', ['Clinic-Nurses']],
    ['it', []],
  ]);
  expect(mapRoles(roles, ['Clinic-Nurses', '6f1c', '6f1c', 'other'])).toEqual(['physician', 'nurse']);
  expect(mapRoles(roles, ['clinic-nurses', 'nurse', 'it', ''])).toEqual([]);
});
