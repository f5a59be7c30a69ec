// One recipe for the tests of signing on, and the EHR it is made for: a form with a token, a session that the login gives
// anew, and every odd answer that such an EHR may have.

import { form, recipe, replyTest, step } from '../core/ehr/build-recipe.ts';
import { pattern } from '../core/policy/build-policy.ts';
import type { Recipe } from '../../src/core/ehr/recipe.ts';
import type { EhrRequest } from '../../src/ehr-ports.ts';
import { answer } from './fake-ehr.ts';
import type { Answering } from './fake-ehr.ts';

export const rightPassword = 'meadow-7-right';

export function loginRecipe(more: Partial<Recipe> = {}): Recipe {
  const token = { name: 'token', at: 'ours.yaml:2', from: 'field', field: 'csrf' } as const;
  const login = form({ user: '{username}', password: '{password}', token: '{token}' });
  return recipe([step('GET', '/login', { take: [token] }), step('POST', '/login', { body: login, decides: true })], {
    success: [replyTest({ status: [302], location: '/home', at: 'ours.yaml:success' })],
    failure: [replyTest({ body: ['wrong password'], at: 'ours.yaml:failure' })],
    passwordChange: {
      tests: [replyTest({ status: [302], location: '/change', at: 'ours.yaml:change' })],
      page: null,
      open: [pattern('/change'), pattern('/static/**')],
    },
    loggedOut: [replyTest({ status: [302], location: '/login', at: 'ours.yaml:out' })],
    logout: { routes: [{ pattern: pattern('/logout'), methods: null }], request: { method: 'GET', target: '/logout' } },
    ...more,
  });
}

/** What the EHR says to a login with this password; the number counts its sessions. */
export type LoginAnswer = (password: string, count: number) => ReturnType<typeof answer>;

export const signsOn: LoginAnswer = (_password, count) =>
  answer(302, ['Location', '/home?once=1', 'Set-Cookie', `SID=open-${count}; Path=/`]);

export const ifRight: LoginAnswer = (password, count) =>
  password === rightPassword ? signsOn(password, count) : answer(200, ['Content-Type', 'text/html'], 'wrong password');

export const wantsNewPassword: LoginAnswer = () => answer(302, ['Location', '/change?first=1', 'Set-Cookie', 'SID=half; Path=/']);

/** An EHR that shows its form and answers logins by the function. */
export function loginEhr(login: LoginAnswer = ifRight): Answering {
  let count = 0;
  return ({ method, target, body }: EhrRequest) => {
    if (method === 'GET' && target === '/login')
      return answer(200, ['Set-Cookie', 'SID=before; Path=/'], '<form action="/login"><input name="csrf" value="t-1"></form>');
    if (method === 'POST' && target === '/login') {
      count += 1;
      return login(new URLSearchParams(body ?? '').get('password') ?? '', count);
    }
    return answer(404);
  };
}
