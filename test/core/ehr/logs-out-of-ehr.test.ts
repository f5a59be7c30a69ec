// The EHR's own logout, asked of an application.

import { expect, test } from 'vitest';
import { logsOutOfEhr } from '../../../src/core/ehr/logs-out-of-ehr.ts';
import { pattern, target } from '../policy/build-policy.ts';
import { recipe } from './build-recipe.ts';

const routes = [{ pattern: pattern('/leave'), methods: null }];
const byRecipe = { by: 'recipe', recipe: recipe([], { logout: { routes, request: null } }) };

test.each([
  ['its logout', byRecipe, '/leave', true],
  ['another page', byRecipe, '/stay', false],
  ['without a recipe nobody knows what the logout is', { by: 'none' }, '/leave', false],
])('%s', (_case, signOn, path, isLogout) => {
  expect(logsOutOfEhr({ signOn, parameters: 'strict' }, 'GET', target(path))).toBe(isLogout);
});
