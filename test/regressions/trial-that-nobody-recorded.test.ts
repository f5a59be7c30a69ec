// A person typed their EHR password while the disk of the access record was full. They were told that nothing may be opened,
// and yet the EHR stayed open: the try had signed them on before the record failed. And a try that the EHR never answered was
// neither counted nor on record, so that one could guess on by breaking connections off.

import { expect, test } from 'vitest';
import { ehrTrial } from '../../src/ehr/trial.ts';
import { Fault } from '../../src/core/faults.ts';
import type { SignInNeeds } from '../../src/sign-in/sign-in-needs.ts';
import { OneAtATime } from '../../src/sign-in/one-at-a-time.ts';
import { personKey } from '../../src/sign-in/person-key.ts';
import { tryCredential } from '../../src/sign-in/try-credential.ts';
import { answer, signOnStage, targetOf } from '../support/fake-ehr.ts';
import { loginEhr, loginRecipe, rightPassword, wantsNewPassword } from '../support/login-recipe.ts';
import type { LoginAnswer } from '../support/login-recipe.ts';
import { sessionOf } from '../support/session-of.ts';
import { startOwnPages } from '../support/own-pages-server.ts';
import { startBadProvider } from '../support/bad-provider.ts';

const session = sessionOf('a');
const credential = { username: 'ada-ehr', password: rightPassword, more: {} };
const where = { requestId: 'r', address: '10.1.1.1', agent: null, zones: [], application: 'ehr', target: targetOf('/'), session };

async function setUp(login?: LoginAnswer) {
  const op = await startBadProvider();
  const world = await startOwnPages({ provider: async () => Promise.resolve(op), asks: ['username', 'password'] });
  const stage = signOnStage({ recipe: loginRecipe(), answer: loginEhr(login) });
  const { application, signOn, client, brake } = stage;
  const trial = ehrTrial({
    applications: new Map([['ehr', application]]),
    recipes: new Map([['ehr', signOn]]),
    client,
    brake,
    encode: (text) => text,
  });
  const needs: SignInNeeds = { ...world.needs, ehrTrial: trial };
  const attempt = { session, application: 'ehr', credential, context: { ...where, settings: application } };
  return { world, stage, typed: () => tryCredential(needs, new OneAtATime())(attempt) };
}

test.each<readonly [name: string, login: LoginAnswer | undefined, jar: string]>([
  ['signed on', undefined, 'open-1'],
  ['asked for a new password', wantsNewPassword, 'half'],
])('%s without a record is signed on no longer, and the EHR is told', async (_name, login, value) => {
  const { world, stage, typed } = await setUp(login);
  world.audit.failDurable = true;
  await expect(typed()).rejects.toMatchObject({ code: 'audit-unavailable' });
  expect(stage.standings.get(session, 'ehr')).toMatchObject({ standing: 'ended', jar: [] });
  expect(stage.loggedOut).toMatchObject([{ jar: [{ value }] }]);
  expect(world.vault.entries.size).toBe(0);
});

test('what is refused without a record ends nothing that was open before', async () => {
  const { world, stage, typed } = await setUp((_password, count) =>
    count === 1 ? answer(302, ['Location', '/home', 'Set-Cookie', 'SID=open; Path=/']) : answer(200, [], 'wrong password'),
  );
  await typed();
  world.audit.failDurable = true;
  await expect(typed()).rejects.toMatchObject({ code: 'audit-unavailable' });
  expect([stage.standings.get(session, 'ehr'), stage.loggedOut]).toMatchObject([{ standing: 'signed-on' }, []]);
});

test('tries that the EHR does not answer are counted and on record', async () => {
  const { world, stage, typed } = await setUp();
  stage.client.answer = () => Promise.reject(new Fault('upstream-timeout'));
  for (let tries = 0; tries < 5; tries += 1) await expect(typed()).rejects.toMatchObject({ code: 'upstream-timeout' });
  expect(world.audit.entries.map(({ event, reason, status }) => [event, reason, status])).toEqual([
    ...Array.from({ length: 5 }, () => ['ehr-sign-on', 'upstream-timeout', 504]),
    ['ehr-sign-on', 'too-many-attempts', 429],
  ]);
  expect(await world.needs.attempts.blockedFor(`ehr ${personKey(session.subject)} ehr`)).toBeGreaterThan(0);
  const asked = stage.client.sent.length;
  expect(await typed()).toMatchObject({ trial: 'blocked' });
  expect(stage.client.sent.length).toBe(asked);
});
