// What follows an alert outlives the process: a block survives a restart, and an alert that was on record when the gateway was
// killed is followed at the next start by what its own record says, once.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import { openTestLog, systemClock } from '../support/audit-log.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { problemOf, roleLines, script } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, signIn } from '../support/demo-story.ts';
import { silentLog } from '../support/silent-log.ts';

const rules = `${roleLines}
rules:
  - { name: find, paths: [/finder, /main], allow: everyone }
`;

let place: Clinic;
beforeAll(async () => {
  place = await clinic({ rules });
  // What the file says by now does not matter: the alert of before names what was to follow.
  writeFileSync(join(place.directory, 'alerts.yaml'), 'detectors: { after-hours: off }\n');
});
afterAll(() => place.close());

/** Once more, on the same files. */
async function openAgain(): Promise<Gateway> {
  const loaded = await loadConfiguration(place.file);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.mistakes));
  return startGateway(loaded.configuration, silentLog);
}

const of = (event: string) => records(place).filter((one) => one['event'] === event);
const finder = (client: CookieClient) => script(client, `${place.origin}/finder`);
const restricted = async (client: CookieClient) => {
  const reply = await finder(client);
  return [reply.status, problemOf(reply)['reason']];
};

/** An alert of now shows that every record before it was looked at. */
async function lookedAtWhole(other: string): Promise<void> {
  const client = new CookieClient();
  const challenge = await client.page(`${place.origin}/.wardgate/sign-in?login_hint=${other}&return=/main`);
  for (let tries = 0; tries < 5; tries += 1) await client.form(challenge.url, { code: '000000' });
  const about = (one: Record<string, unknown>) => (one['subject'] as { readonly name: string }).name === other;
  await eventually(() => of('alert').some(about), 'an alert');
}

test('an alert without what was to follow is made up for at the next start, once, and holds over the one after', async () => {
  let gateway = await openGateway(place);
  const nurse = await signIn(place, 'nurse');
  await gateway.close();

  // As it stands after a kill between the alert and what follows it.
  const log = await openTestLog(place.auditDirectory, { boot: 'killed' });
  const subject = { issuer: place.provider.issuer, sub: 'nurse', name: 'nurse' };
  const detail = 'Two sessions of theirs were worked with in turns; to follow: block; seen at record 3';
  const { sequence } = await log.append(auditEntry('alert', systemClock.now(), { subject, reason: 'two-places', detail }));
  await log.close();

  const seen = place.ehr.requests().length;
  for (const other of ['physician', 'billing']) {
    gateway = await openAgain();
    await eventually(() => of('response').length > 0, 'the record of what followed');
    expect(await restricted(nurse)).toEqual([403, 'restricted']);
    await lookedAtWhole(other);
    await gateway.close();
  }
  expect(place.ehr.requests().length).toBe(seen);
  expect(of('response')).toMatchObject([
    {
      subject: { name: 'nurse' },
      reason: 'block',
      detail: expect.stringContaining(`To the alert at record ${sequence}: until 2`) as string,
    },
  ]);

  gateway = await openAgain();
  expect(await gateway.composed.state.restrictions.lift({ alert: sequence, kind: 'block' }, Date.now())).toBe(true);
  expect((await finder(nurse)).status).toBe(200);
  await gateway.close();
  gateway = await openAgain();
  expect((await finder(nurse)).status).toBe(200);
  await gateway.close();
});
