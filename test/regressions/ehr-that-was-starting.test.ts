// While the EHR was started anew its web server answered 503 for a minute. The gateway took that for a refused password: the
// account that signs everybody on was not tried again until the gateway itself was restarted, and people with a password of
// their own had to enter it anew. And a password that was tried in that minute was stored as one that the EHR had taken.

import { expect, test } from 'vitest';
import { ehrTrial } from '../../src/ehr/trial.ts';
import { FailureBrake } from '../../src/ehr/failure-brake.ts';
import { applicationOf } from '../support/edge-facts.ts';
import { answer, entryOf, FakeEhrClient, SetClock, signOnStage } from '../support/fake-ehr.ts';
import { loginEhr, loginRecipe, rightPassword } from '../support/login-recipe.ts';
import { sessionOf } from '../support/session-of.ts';

test('an account is used again once the EHR is up', async () => {
  const account = { of: 'everyone', account: 'kiosk', password: rightPassword } as const;
  const stage = signOnStage({ recipe: loginRecipe(), account, answer: () => answer(503, [], 'Starting') });
  expect(await stage.signOn.enter(entryOf('/'))).toMatchObject({ entered: 'unrecognised' });
  stage.client.answer = loginEhr();
  expect(await stage.signOn.enter(entryOf('/'))).toMatchObject({ entered: 'yes' });
});

test('a password that nobody has judged is not taken', async () => {
  const applications = new Map([['ehr', applicationOf({ signOn: { by: 'basic-own-password' } })]]);
  const client = new FakeEhrClient(() => answer(503, [], 'Starting'));
  const brake = new FailureBrake(5, new SetClock());
  const trial = ehrTrial({ applications, recipes: new Map(), client, brake, encode: (text) => text });
  const tried = await trial.try(sessionOf('a'), 'ehr', { username: 'ada', password: 'never judged', more: {} }, '');
  expect(tried).toMatchObject({ trial: 'unrecognised', status: 503 });
});
