// What people type and what OpenEMR hands out stands nowhere but where it belongs: a day's work, an update of the gateway in
// its middle, and then a search through every file, every line of the log and every answer that a browser was given.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { usersDefault } from '../../src/demo/openemr/accounts.ts';
import { script } from '../support/clinic-story.ts';
import type { HearingClient } from '../support/hearing-client.ts';
import { CHART, MAIN, openEmrClinic, typePassword } from '../support/openemr-clinic.ts';
import type { OpenEmrClinic } from '../support/openemr-clinic.ts';

const secretOf = (name: string): string => `Rosé&"${name}"=7 %41/+`;
const mistyped = 'Wro;ng+"Rosé"';
const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** A secret as it is, and in the ways in which it might have been written down. */
function spellings(secret: string): readonly string[] {
  const latin = Buffer.from(secret).toString('latin1');
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  const escaped = secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const encoded = new URLSearchParams({ '': secret }).toString().slice(1);
  return [secret, latin, escaped, encodeURIComponent(secret), encoded, JSON.stringify(secret).slice(1, -1), base64];
}

let house: OpenEmrClinic;
beforeAll(async () => {
  house = await openEmrClinic({ openEmr: { users: usersDefault.map((user) => ({ ...user, password: secretOf(user.name) })) } });
});
afterAll(async () => house.close());

test('across a restart of the gateway people stay signed on, and no password, cookie or token of OpenEMR lies about', async () => {
  const sessionIds = new Set<string>();
  const note = (): void => house.emr.sessions().forEach(({ id }) => sessionIds.add(id));
  house.importPassword('nurse', secretOf('nurse'));
  const { client: physician, page: refused } = await house.enter('physician', mistyped);
  expect(refused.status).toBe(403);
  const main = await typePassword(physician, refused, 'physician', secretOf('physician'));
  const { client: nurse } = await house.enter('nurse');
  await physician.page(house.url(`${CHART}?set_pid=5`), { 'sec-fetch-dest': 'iframe' });
  await nurse.page(house.url(`${CHART}?set_pid=9`), { 'sec-fetch-dest': 'iframe' });
  note();
  const logins = house.emr.logins().length;

  await house.restartGateway();
  await expectStillOn(physician, '5');
  await expectStillOn(nurse, '9');
  expect(house.emr.logins()).toHaveLength(logins);
  expect(house.emr.sessions().map(({ patient }) => patient)).toEqual([5, 9]);
  // A page that OpenEMR shows once: the next one begins anew, with another token.
  const again = await physician.page(main.url);
  note();
  expect(sessionIds.size).toBe(3);

  const passwords = ['physician', 'nurse'].map(secretOf).concat(mistyped);
  const tokens = [main, again].map(({ url }) => new URL(url).searchParams.get('token_main') ?? '');
  expect(new Set(tokens).size).toBe(2);
  const kept = [...passwords.flatMap(spellings), ...sessionIds, ...tokens];
  const files = house.files();
  expect([...files.keys()].some((path) => path.includes('audit'))).toBe(true);
  expect([...files.keys()].some((path) => path.endsWith('.db') || path.endsWith('.sqlite'))).toBe(true);
  for (const [path, text] of [...files, ['the log', house.told.join('\n')] as const]) {
    for (const secret of kept) expect(text.includes(secret), `${path} holds ${secret}`).toBe(false);
  }
  for (const { url, rawHeaders, text } of [...physician.heard, ...nurse.heard]) {
    const head = `${new URL(url).pathname} ${rawHeaders.join(' ')}`;
    for (const secret of passwords.flatMap(spellings))
      expect((head + text).includes(secret), `${url} tells ${secret}`).toBe(false);
    // OpenEMR itself writes its session's id into the script of its main page; through the gateway it opens nothing.
    for (const id of sessionIds) expect(head.includes(id) || (!url.includes(MAIN) && text.includes(id)), url).toBe(false);
    if (url.includes('/.wardgate/')) for (const token of tokens) expect(text.includes(token), url).toBe(false);
  }
});

async function expectStillOn(client: HearingClient, patient: string): Promise<void> {
  const path = '/interface/patient_file/summary/stats.php';
  expect((await script(client, house.url(path), { method: 'POST', body: 'x=1', headers: form })).text).toContain('Allergies');
  const record = house.records().findLast((one) => one['event'] === 'attempt' && String(one['target']).includes(path));
  expect(record).toMatchObject({ patient, patientSource: 'session' });
}
