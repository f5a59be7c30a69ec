// A gateway that is killed for real between an alert and what was to follow it: at the next start the block is there, on record
// once, and holds whoever the alert is about. A response that was on record already is not put there a second time.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { problemOf, roleLines, script } from '../support/clinic-story.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
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
  const alerts = 'detectors: { after-hours: off, failed-sign-ins: { attempts: 3, response: block } }\n';
  writeFileSync(join(place.directory, 'alerts.yaml'), alerts);
  // So that everybody is known here, with their second factor.
  await (await openGateway(place)).close();
});
afterEach(endCommands);
afterAll(() => place.close());

/** Once more, on the same files. */
async function openAgain(): Promise<Gateway> {
  const loaded = await loadConfiguration(place.file);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.mistakes));
  return startGateway(loaded.configuration, silentLog);
}

const of = (event: string, name: string) =>
  records(place).filter((one) => one['event'] === event && (one['subject'] as { name?: string } | undefined)?.name === name);

/** What was on record when it was killed. */
const moments: readonly (readonly [person: string, moment: string, onRecord: (name: string) => boolean])[] = [
  ['nurse', 'once the last wrong code is on record', (name) => of('second-factor-failed', name).length >= 3],
  ['physician', 'once the alert is on record', (name) => of('alert', name).length > 0],
  ['billing', 'once the block is on record', (name) => of('response', name).length > 0],
];

test.each(moments)('about %s, killed %s', { timeout: 240_000 }, async (name, _moment, isOnRecord) => {
  const before = await openAgain();
  const person = await signIn(place, name);
  expect((await script(person, `${place.origin}/finder`)).status).toBe(200);
  await before.close();

  const running = await gatewayProcess(place.file);
  const stranger = new CookieClient();
  const challenge = await stranger.page(`${place.origin}/.wardgate/sign-in?login_hint=${name}&return=/main`);
  for (let tries = 0; tries < 3; tries += 1) await stranger.form(challenge.url, { code: '000000' });
  await eventually(() => isOnRecord(name), 'the moment');
  await running.end('SIGKILL');

  const seen = place.ehr.requests().length;
  for (let starts = 0; starts < 2; starts += 1) {
    const gateway = await openAgain();
    await eventually(() => of('response', name).length > 0, 'the record of what followed');
    const reply = await script(person, `${place.origin}/finder`);
    expect([reply.status, problemOf(reply)['reason']]).toEqual([403, 'restricted']);
    expect(gateway.composed.state.restrictions.all(Date.now()).filter((one) => one.person.name === name)).toHaveLength(1);
    await gateway.close();
  }
  expect(place.ehr.requests().length).toBe(seen);
  expect([of('alert', name).length, of('response', name).length]).toEqual([1, 1]);
});
