// Somebody typed a password for an EHR with Basic whose front page is missing, and another while the EHR said that it was
// asked too often: both were stored as passwords that the EHR had taken, because it had not said 401. The wrong one then went
// out with every request, until the EHR locked the account.

import { expect, test } from 'vitest';
import { Fault } from '../../src/core/faults.ts';
import { FailureBrake } from '../../src/ehr/failure-brake.ts';
import { ehrTrial } from '../../src/ehr/trial.ts';
import { applicationOf } from '../support/edge-facts.ts';
import { answer, FakeEhrClient, SetClock } from '../support/fake-ehr.ts';
import type { Answering } from '../support/fake-ehr.ts';
import { sessionOf } from '../support/session-of.ts';

function trialOf(reply: Answering) {
  const applications = new Map([['ehr', applicationOf({ signOn: { by: 'basic-own-password' } })]]);
  const client = new FakeEhrClient(reply);
  const brake = new FailureBrake(1, new SetClock());
  const trial = ehrTrial({ applications, recipes: new Map(), client, brake, encode: (text) => text });
  const typed = { username: 'ada', password: 'p', more: {} };
  return { client, brake, tried: () => trial.try(sessionOf('a'), 'ehr', typed, '') };
}

test.each([
  [401, 'signed-on', null],
  [404, 'unrecognised', 60],
  [200, 'unrecognised', 60],
] as const)('a missing page that answers %i without a password: %s', async (without, trial, paused) => {
  const { client, brake, tried } = trialOf(({ headers }) => answer(headers.length > 0 ? 404 : without));
  expect(await tried()).toMatchObject({ trial });
  expect(client.sent.map(({ headers }) => headers)).toEqual([['authorization', 'Basic ada:p'], []]);
  expect(brake.pausedFor('ehr')).toBe(paused);
});

test.each([
  [403, 'refused'],
  [429, 'unrecognised'],
] as const)('%i: %s, and it counts', async (status, trial) => {
  const { client, brake, tried } = trialOf(() => answer(status));
  expect(await tried()).toMatchObject({ trial });
  expect([client.sent.length, brake.pausedFor('ehr')]).toEqual([1, 60]);
});

test.each([
  ['upstream-timeout', 60],
  ['upstream-busy', null],
] as const)('%s counts as %j seconds of a pause', async (code, paused) => {
  const { brake, tried } = trialOf(() => Promise.reject(new Fault(code)));
  await expect(tried()).rejects.toMatchObject({ code });
  expect(brake.pausedFor('ehr')).toBe(paused);
});
