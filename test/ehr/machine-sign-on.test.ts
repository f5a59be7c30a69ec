// How machines are signed on at an EHR, for each way that people are: by their own account or everybody's, and never by a
// person's password or the account of a role.

import { describe, expect, test } from 'vitest';
import type { SignOnSettings } from '../../src/config/settings.ts';
import type { Machine } from '../../src/core/machines/machine.ts';
import { machineSession } from '../../src/core/session/machine-session.ts';
import { signOnOf } from '../../src/ehr/sign-on-of.ts';
import type { SignOnNeeds } from '../../src/ehr/sign-on-of.ts';
import { applicationOf } from '../support/edge-facts.ts';
import { entryOf, signOnStage } from '../support/fake-ehr.ts';
import type { RecipeSettings } from '../support/fake-ehr.ts';
import { ifRight, loginEhr, loginRecipe, rightPassword } from '../support/login-recipe.ts';

const machine: Machine = {
  name: 'lab',
  credential: { by: 'certificate', fingerprints: ['f'] },
  applications: null,
  passAuthorization: false,
};
const lab = machineSession(machine, 'f');
const app = machineSession({ ...machine, name: 'app', passAuthorization: true }, 'f');
const own = { account: 'svc-lab', password: rightPassword };
const register = (account: typeof own | null) => ({ account: (name: string) => (name === 'lab' ? account : null) });
const basicOf = (name: string, password: string) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
const nurses = new Map([['nurse', { account: 'ward', password: 'w' }]]);

describe('without a recipe', () => {
  test.each<readonly [signOn: SignOnSettings, account: typeof own | null, headers: readonly string[] | null]>([
    [{ by: 'none' }, own, []],
    [{ by: 'header', name: 'X-Remote-User' }, own, ['X-Remote-User', 'lab']],
    [{ by: 'basic-account', account: 'kiosk', password: 'k' }, own, ['authorization', basicOf('svc-lab', rightPassword)]],
    [{ by: 'basic-account', account: 'kiosk', password: 'k' }, null, ['authorization', basicOf('kiosk', 'k')]],
    [{ by: 'basic-roles', roles: nurses }, own, ['authorization', basicOf('svc-lab', rightPassword)]],
    [{ by: 'basic-roles', roles: nurses }, null, null],
    [{ by: 'basic-own-password' }, own, ['authorization', basicOf('svc-lab', rightPassword)]],
    [{ by: 'basic-own-password' }, null, null],
  ])('%j with %j', async (signOn, account, headers) => {
    const needs = { standings: {}, vault: {}, brake: {}, machines: register(account), encode: (text: string) => Buffer.from(text).toString('base64') }; // prettier-ignore
    const way = signOnOf(needs as unknown as SignOnNeeds, applicationOf({ signOn }));
    const entered = await way.enter(entryOf('/fhir/Patient/7', { session: lab, shape: 'script' }));
    expect(entered).toEqual(headers === null ? { entered: 'no-account' } : { entered: 'yes', headers, standing: null });
  });

  test('one that proves itself at the EHR is not asked for an account', async () => {
    const needs = { standings: {}, vault: {}, brake: {}, machines: register(own), encode: String };
    const way = signOnOf(needs as unknown as SignOnNeeds, applicationOf({ signOn: { by: 'basic-own-password' } }));
    expect(await way.enter(entryOf('/fhir', { session: app }))).toEqual({ entered: 'yes', headers: [], standing: null });
  });
});

describe('by a recipe', () => {
  const stageOf = (account: RecipeSettings['account'], machines = register(own)) =>
    signOnStage({ recipe: loginRecipe({ landing: { to: 'location' } }), answer: loginEhr(ifRight), account, machines });

  test.each<readonly [what: string, account: RecipeSettings['account'], held: typeof own | null]>([
    ['its own where people have theirs', { of: 'own' }, own],
    ['its own where roles have one', { of: 'role', roles: nurses }, own],
    ['its own before that of everybody', { of: 'everyone', account: 'kiosk', password: 'wrong' }, own],
    ['that of everybody', { of: 'everyone', account: 'kiosk', password: rightPassword }, null],
  ])('any request signs it on with %s, and goes on in the same', async (_, account, held) => {
    const stage = stageOf(account, register(held));
    const entry = entryOf('/fhir/Patient/7', { session: lab, shape: 'script', method: 'POST' });
    expect(await stage.signOn.enter(entry)).toMatchObject({ entered: 'yes', headers: [], standing: { standing: 'signed-on' } });
    expect(await stage.signOn.enter(entry)).toMatchObject({ entered: 'yes' });
    expect(stage.client.lines).toEqual(['GET /login', 'POST /login']);
    const name = held === null ? 'kiosk' : 'svc-lab';
    expect(new URLSearchParams(stage.client.sent[1]?.body ?? '').toString()).toContain(name);
    expect(stage.records).toMatchObject([{ decision: 'allowed' }]);
  });

  test.each<RecipeSettings['account']>([{ of: 'own' }, { of: 'role', roles: nurses }])(
    'none without one: %j',
    async (account) => {
      const stage = stageOf(account, register(null));
      expect(await stage.signOn.enter(entryOf('/fhir', { session: lab }))).toEqual({ entered: 'no-account' });
      expect(stage.client.sent).toEqual([]);
    },
  );

  test('an account that the EHR refused is not tried again, and nobody is asked for a password', async () => {
    const stage = stageOf({ of: 'own' }, register({ ...own, password: 'wrong' }));
    const enter = async () => stage.signOn.enter(entryOf('/fhir', { session: lab, shape: 'script' }));
    expect(await enter()).toMatchObject({ entered: 'unrecognised', told: 'The EHR does not accept the account that is set up' });
    const sent = stage.client.sent.length;
    expect(await enter()).toMatchObject({ entered: 'unrecognised' });
    expect(stage.client.sent.length).toBe(sent);
  });

  test('one that proves itself at the EHR is not signed on', async () => {
    const stage = stageOf({ of: 'own' });
    expect(await stage.signOn.enter(entryOf('/fhir', { session: app }))).toEqual({ entered: 'yes', headers: [], standing: null });
    expect(stage.client.sent).toEqual([]);
  });
});
