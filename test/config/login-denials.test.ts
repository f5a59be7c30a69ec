// Whoever could post the EHR's own login would be another user inside their own session. Found by reading: in mode observe,
// and wherever a rule named the area of the login, it passed, and the records went on naming the first person.

import { expect, test } from 'vitest';
import { loginDenials } from '../../src/config/login-denials.ts';
import type { RecipeBody, RecipeStep, Template } from '../../src/core/ehr/recipe.ts';
import { loginRecipe } from '../support/login-recipe.ts';

const form: RecipeBody = { kind: 'form', fields: [['user', [{ value: 'username' }]], ['word', ['x', { value: 'password' }]]] }; // prettier-ignore
const json: RecipeBody = { kind: 'json', members: [['pass', [{ value: 'password' }]]] };

function denied(target: Template, body: RecipeBody) {
  const step: RecipeStep = { method: 'POST', target, headers: [], basic: false, body, take: [], onlyWith: [], decides: true, at: 'p:1' }; // prettier-ignore
  const signOn = { by: 'recipe', recipe: loginRecipe({ steps: [step] }), values: new Map(), account: { of: 'own' } } as const;
  return loginDenials({ name: 'ehr', signOn }).map(({ pattern, methods, query }) => [
    pattern.source,
    methods?.join(' ') ?? 'any',
    query.map(({ name }) => name).join(),
  ]);
}

test.each<readonly [target: Template, body: RecipeBody, path: string | null, field: string]>([
  [['/login.do'], form, '/login.do', 'word'],
  [['/emr/login.php?auth=login&site=', { value: 'site' }], form, '/emr/login.php', 'word'],
  [['/rest/login'], json, '/rest/login', 'pass'],
  [[{ value: 'action' }], form, null, ''],
  [['/site/', { value: 'site' }, '/login'], form, null, ''],
  [['/location'], { kind: 'form', fields: [['place', [{ value: 'location' }]]] }, null, ''],
  [['/session'], { kind: 'none' }, null, ''],
])('%j', (target, body, path, field) => {
  const rows = path === null ? [] : [[path, 'POST PUT PATCH DELETE', ''], [path, 'any', field]]; // prettier-ignore
  expect(denied(target, body)).toEqual(rows);
});

test('without a recipe people log in by themselves', () => {
  expect(loginDenials({ name: 'ehr', signOn: { by: 'none' } })).toEqual([]);
});
