// An EHR that was flooded answered its own login page with 429. The gateway took that for a refusal of a password which it
// had not even sent: the account for everybody was shut until a restart, and people had to type their passwords anew. The
// other way round, a login whose answer never came, or whose page lacked a field, had been counted at the EHR and not here:
// each page that was opened tried again, until the EHR locked the account. What went out decides.

import { expect, test } from 'vitest';
import { Fault } from '../../src/core/faults.ts';
import { form, step } from '../core/ehr/build-recipe.ts';
import { answer, entryOf, signOnStage } from '../support/fake-ehr.ts';
import type { SignOnStage, SignOnStageOptions } from '../support/fake-ehr.ts';
import { loginEhr, loginRecipe, rightPassword } from '../support/login-recipe.ts';
import { sessionOf } from '../support/session-of.ts';

const ada = sessionOf('a');
const everyone = { of: 'everyone', account: 'kiosk', password: rightPassword } as const;

async function stageOf(more: Partial<SignOnStageOptions> = {}): Promise<SignOnStage> {
  const stage = signOnStage({ recipe: loginRecipe(), answer: loginEhr(), mostFailures: 1, ...more });
  await stage.vault.put(ada.subject, 'ehr', { username: 'ada-ehr', password: rightPassword, more: {} });
  return stage;
}

const kindOf = async ({ signOn }: SignOnStage) => (await signOn.enter(entryOf('/'))).entered;
const isRefused = async ({ vault }: SignOnStage) => (await vault.get(ada.subject, 'ehr'))?.refused;

test.each([
  [429, 'Slow down', 'own'],
  [500, 'Error', 'own'],
  [500, 'Error', 'everyone'],
  [200, 'wrong password', 'own'],
  [429, 'wrong password', 'everyone'],
] as const)('%i "%s" to the login page costs nobody anything (%s)', async (status, body, of) => {
  const stage = await stageOf({ account: of === 'own' ? { of } : everyone });
  const sound = stage.client.answer;
  stage.client.answer = () => answer(status, [], body);
  expect(await kindOf(stage)).toBe('unrecognised');
  expect([stage.client.lines, await isRefused(stage), stage.brake.pausedFor('ehr')]).toEqual([['GET /login'], false, null]);
  expect(stage.records).toMatchObject([{ decision: 'refused', reason: 'ehr-sign-on-unrecognised' }]);
  stage.client.answer = sound;
  expect(await kindOf(stage)).toBe('yes');
});

test('429 to the password itself may be a refusal, and counts', async () => {
  const stage = await stageOf({ answer: loginEhr(() => answer(429, [], 'Slow down')) });
  expect(await kindOf(stage)).toBe('unrecognised');
  expect([await isRefused(stage), stage.brake.pausedFor('ehr')]).toEqual([true, 60]);
});

test('a recipe that breaks after the password went out tries it once', async () => {
  const asked = step('POST', '/login', {
    body: form({ user: '{username}', password: '{password}' }),
    take: [{ name: 'next', at: 'ours.yaml:3', from: 'field', field: 'next' }],
  });
  const [, last = asked] = loginRecipe().steps;
  const recipe = { ...loginRecipe(), steps: [asked, { ...last, target: ['/go'] }] };
  const stage = await stageOf({ recipe, answer: () => answer(200, [], 'Choose') });
  expect(await kindOf(stage)).toBe('unrecognised');
  expect([await isRefused(stage), stage.brake.pausedFor('ehr'), stage.client.lines]).toEqual([true, 60, ['POST /login']]);
  expect(await kindOf(stage)).toBe('credential-needed');
  expect(stage.client.lines.length).toBe(1);
});

test.each<readonly [what: string, secret: Parameters<typeof step>[2]]>([
  ['Basic', { basic: true }],
  ['a header', { headers: [['X-Pin', [{ value: 'pin' }]]] }],
  ['JSON', { body: { kind: 'json', members: [['p', [{ value: 'password' }]]] } }],
])('%s is sent as well', async (_what, secret) => {
  const steps = [step('GET', '/session', { ...secret, decides: true })];
  const stage = await stageOf({ recipe: { ...loginRecipe(), asks: ['username', 'password', 'pin'], steps } });
  await stage.vault.put(ada.subject, 'ehr', { username: 'ada-ehr', password: 'wrong', more: { pin: '4711' } });
  stage.client.answer = () => answer(200, [], 'wrong password');
  expect(await kindOf(stage)).toBe('credential-needed');
  expect([await isRefused(stage), stage.brake.pausedFor('ehr')]).toEqual([true, 60]);
});

test.each(['upstream-timeout', 'upstream-unreachable'] as const)(
  '%s after the password counts and is on record',
  async (code) => {
    const stage = await stageOf();
    const sound = stage.client.answer;
    stage.client.answer = (request) => (request.method === 'POST' ? Promise.reject(new Fault(code)) : sound(request));
    await expect(stage.signOn.enter(entryOf('/'))).rejects.toMatchObject({ code });
    expect(stage.records).toMatchObject([{ decision: 'refused', reason: code, session: ada.reference }]);
    expect([await isRefused(stage), await kindOf(stage)]).toEqual([false, 'paused']);
    const trial = await stageOf();
    trial.client.answer = stage.client.answer;
    const typed = { username: 'ada-ehr', password: rightPassword, more: {} };
    await expect(trial.signOn.try(ada, typed, '')).rejects.toMatchObject({ code });
    expect([trial.brake.pausedFor('ehr'), trial.records]).toEqual([60, []]);
  },
);

test.each(['GET', 'POST'])('a queue that is full at %s has sent no password, and counts nothing', async (method) => {
  const stage = await stageOf();
  const sound = stage.client.answer;
  const code = method === 'GET' ? 'upstream-timeout' : 'upstream-busy';
  stage.client.answer = (request) => (request.method === method ? Promise.reject(new Fault(code)) : sound(request));
  await expect(stage.signOn.enter(entryOf('/'))).rejects.toMatchObject({ code });
  expect([stage.records, stage.brake.pausedFor('ehr')]).toEqual([[], null]);
});

test.each([
  ['everyone', everyone],
  ['role', { of: 'role', roles: new Map([['nurse', { account: 'kiosk', password: rightPassword }]]) }],
] as const)('the page about an account of %s is shown to nobody', async (_of, account) => {
  const stage = await stageOf({ account, answer: loginEhr(() => answer(200, [], 'kiosk owes 4 pounds')) });
  const told = { entered: 'unrecognised', status: 0, told: 'The EHR does not accept the account that is set up' };
  const session = sessionOf('a', { roles: ['nurse'] });
  for (let pages = 0; pages < 2; pages += 1) expect(await stage.signOn.enter(entryOf('/', { session }))).toEqual(told);
  expect(stage.client.lines).toEqual(['GET /login', 'POST /login']);
});
