// A person signed out while the gateway was still signing them on to the EHR. The EHR then opened a session that belonged to
// nobody any more: it was kept nowhere, nobody logged it out, and the request itself went on to the EHR without one. The
// same was left of a sign-on whose record could not be written.

import { expect, test } from 'vitest';
import { Fault } from '../../src/core/faults.ts';
import { entryOf, signOnStage } from '../support/fake-ehr.ts';
import type { SignOnStage } from '../support/fake-ehr.ts';
import { loginEhr, loginRecipe, rightPassword } from '../support/login-recipe.ts';
import { sessionOf } from '../support/session-of.ts';

const ada = sessionOf('a');

async function stageOf(): Promise<SignOnStage> {
  const stage = signOnStage({ recipe: loginRecipe(), answer: loginEhr() });
  await stage.vault.put(ada.subject, 'ehr', { username: 'ada', password: rightPassword, more: {} });
  return stage;
}

test('what the EHR opens for a session that has ended is closed, and not gone on in', async () => {
  const stage = await stageOf();
  const sound = stage.client.answer;
  stage.client.answer = (request) => {
    if (request.method === 'POST') stage.standings.end(ada);
    return sound(request);
  };
  expect(await stage.signOn.enter(entryOf('/'))).toEqual({ entered: 'ended' });
  expect(stage.loggedOut).toMatchObject([{ jar: [{ name: 'SID', value: 'open-1' }] }]);
});

test('what cannot be recorded is closed as well', async () => {
  const stage = await stageOf();
  stage.onRecord = () => {
    throw new Fault('audit-unavailable');
  };
  await expect(stage.signOn.enter(entryOf('/'))).rejects.toMatchObject({ code: 'audit-unavailable' });
  expect(stage.loggedOut).toMatchObject([{ jar: [{ name: 'SID', value: 'open-1' }] }]);
  expect(stage.standings.get(ada, 'ehr')).toBeNull();
});
