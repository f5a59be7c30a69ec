// Which requests of a person end their session at the EHR.

import { expect, test } from 'vitest';
import { isEhrLogout } from '../../../src/core/ehr/logout-route.ts';
import { pattern, target } from '../policy/build-policy.ts';
import { recipe } from './build-recipe.ts';

const routes = [
  { pattern: pattern('/openmrs/logout'), methods: null },
  { pattern: pattern('/openmrs/ws/rest/v1/session'), methods: ['DELETE'] as const },
  { pattern: pattern('/login.do'), methods: null, query: [{ name: 'method', expect: { value: 'logout' } }] },
  { pattern: pattern('/index.jsp'), methods: ['GET'] as const, query: [{ name: 'logoff', expect: 'present' as const }] },
];
const ours = recipe([], { logout: { routes, request: null } });

test.each([
  ['GET', '/openmrs/logout', true],
  ['POST', '/openmrs/logout', true],
  ['GET', '/openmrs/Logout?x=1', true],
  ['DELETE', '/openmrs/logout', false],
  ['HEAD', '/openmrs/logout', false],
  ['GET', '/openmrs/logout/x', false],
  ['DELETE', '/openmrs/ws/rest/v1/session', true],
  ['GET', '/openmrs/ws/rest/v1/session', false],
  ['GET', '/login.do?method=logout', true],
  ['GET', '/login.do?a=b&method=logout&c', true],
  ['POST', '/login.do?method=logout', true],
  ['GET', '/login.do?method=login', false],
  ['GET', '/login.do', false],
  ['GET', '/index.jsp?logoff', true],
  ['GET', '/index.jsp?logoff=true', true],
  ['GET', '/index.jsp?role=logoff', false],
  ['POST', '/index.jsp?logoff=true', false],
] as const)('%s %s: %j', (method, raw, isLogout) => {
  expect(isEhrLogout(ours, method, target(raw), 'java')).toBe(isLogout);
});

test('a field that the EHR may take for that of the logout is one', () => {
  expect(isEhrLogout(ours, 'GET', target('/login.do?method=LOGOUT'), 'java')).toBe(true);
  expect(isEhrLogout(ours, 'GET', target('/login.do?method=login&method=logout'), 'strict')).toBe(true);
});
