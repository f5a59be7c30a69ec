// A clinic's EHR knew people by Basic, with a password of each. One of them changed theirs at the EHR, and the screen that
// was open asked for eight pictures at once: eight refusals, more than may come in a minute, and for that minute nobody's
// requests went on, although their passwords were taken all the time. A pause is for whoever comes anew.

import { expect, test } from 'vitest';
import { ehrParts } from '../../src/compose/ehr-parts.ts';
import type { Session } from '../../src/core/session/session.ts';
import { applicationOf } from '../support/edge-facts.ts';
import { answer, entryOf, FakeEhrClient, FakeStandings, SetClock } from '../support/fake-ehr.ts';
import { FakeCredentialVault } from '../support/fake-ehr-trial.ts';
import { FakeAuditLog, FakeLog } from '../support/fake-ports.ts';
import { noMachines } from '../support/no-machines.ts';
import { sessionOf } from '../support/session-of.ts';

const [vault, clock] = [new FakeCredentialVault(), new SetClock()];
const parts = ehrParts({
  applications: new Map([['ehr', applicationOf({ signOn: { by: 'basic-own-password' } })]]),
  standings: new FakeStandings(),
  vault,
  machines: noMachines,
  client: new FakeEhrClient(() => answer(200)),
  audit: new FakeAuditLog(),
  clock,
  log: new FakeLog(),
  failuresPerMinute: 5,
  learnEhrSessions: () => undefined,
});

async function person(sub: string): Promise<Session> {
  const session = sessionOf(sub, { subject: { ...sessionOf(sub).subject, sub } });
  await vault.put(session.subject, 'ehr', { username: sub, password: 'p', more: {} });
  return session;
}

const enter = async (session: Session) => parts.signOn.get('ehr')?.enter(entryOf('/pictures', { session }));

test('whoever is at work goes on, whoever comes anew waits, and whose password was refused is asked', async () => {
  const [ada, bob, eve] = [await person('ada'), await person('bob'), await person('eve')];
  const others = [await person('o'), await person('p'), await person('q')];
  const sent = await enter(ada);
  expect(await enter(bob)).toMatchObject({ entered: 'yes' });
  const headers = sent?.entered === 'yes' ? sent.headers : [];
  for (let pictures = 0; pictures < 8; pictures += 1) await parts.ehrRefusedCredential(ada, 'ehr', headers);
  for (const other of others) await parts.ehrRefusedCredential(other, 'ehr', []);
  expect(await enter(bob)).toMatchObject({ entered: 'yes' });
  expect(await enter(eve)).toMatchObject({ entered: 'paused' });
  expect(await enter(ada)).toEqual({ entered: 'credential-needed', refused: true });
  // With another password ada comes anew.
  await vault.put(ada.subject, 'ehr', { username: 'ada', password: 'new', more: {} });
  expect(await enter(ada)).toMatchObject({ entered: 'paused' });
  clock.time += 60_000;
  for (const one of [ada, eve]) expect(await enter(one)).toMatchObject({ entered: 'yes' });
});
