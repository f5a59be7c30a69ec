// A second factor whose steps fall on two gateways: what was begun at one is finished at the other, what was used at one is used at
// both, wrong codes count together, and what an alert at one of them brings about takes hold at the other.

import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPersonas } from '../../src/demo/personas.ts';
import { expectAccounted } from '../support/accounted.ts';
import { askOnce } from '../support/at-work.ts';
import { sameAt, soon } from '../support/both-at-work.ts';
import { endCommands } from '../support/command.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { codeOf, eventually, records } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { SoftwareKey } from '../support/software-key.ts';
import { twoGateways } from '../support/two-gateways.ts';
import type { OneOfTwo, TwoGateways } from '../support/two-gateways.ts';

const available = requirement('postgres').available && requirement('redis').available;
/** So many wrong codes, and the person is blocked. */
const failures = 7;
const alerts = `detectors: { after-hours: off, failed-sign-ins: { attempts: ${failures}, response: block } }\n`;
/** Who sets up a second factor here. */
const unenrolled = ['newcomer', 'nurse'];

let two: TwoGateways;
let main = '';

beforeAll(async () => {
  if (!available) return;
  const personas = createPersonas().map((one) => (unenrolled.includes(one.name) ? { ...one, totpSecret: null } : one));
  two = await twoGateways({ personas, alerts, factorMethods: ['passkey', 'totp'] });
  main = `${two.origin}/main`;
});
afterAll(async () => {
  await endCommands();
  if (available) await two.close();
});

/** The page that asks for a second factor, or for a first one to be set up. */
async function begun(
  gateway: OneOfTwo,
  name: string,
): Promise<{ readonly client: CookieClient; readonly url: string; readonly text: string }> {
  await eventually(async () => (await gateway.ready()).status === 200, 'that gateway to be ready');
  const client = two.browser(gateway);
  const { url, text } = await client.page(`${two.origin}/.wardgate/sign-in?login_hint=${name}&return=%2Fmain`);
  return { client, url, text };
}

async function challengeAt(client: CookieClient, path: string): Promise<string> {
  const headers = { origin: two.origin, accept: 'application/json' };
  const reply = await client.ask(`${two.origin}/.wardgate/${path}/options`, { method: 'POST', headers });
  expect([reply.status, reply.text]).toEqual([200, expect.stringContaining('challenge')]);
  return (JSON.parse(reply.text) as { challenge: string }).challenge;
}

const secretOf = (name: string): string => two.personas.find((one) => one.name === name)?.totpSecret ?? '';

/** Whether the answer to a second factor led in, to the EHR. */
const isIn = (reply: Reply): boolean => reply.status === 200 && reply.url === main;

test.skipIf(!available)('a passkey is asked for at one gateway and answered at the other, once', async () => {
  const key = new SoftwareKey();
  const said = { origin: two.origin, domain: 'localhost' };
  const first = await begun(two.a, 'newcomer');
  const passkey = key.register({ ...said, challenge: await challengeAt(first.client, 'enrol') });
  const enrolled = await two.send(first.client, two.b).form(first.url, { passkey, name: 'badge' });
  expect(enrolled.text).toContain('Your recovery codes');
  for (const [asks, answers, counter] of [
    [two.a, two.b, 1],
    [two.b, two.a, 2],
  ] as const) {
    const { client, url } = await begun(asks, 'newcomer');
    const assertion = key.assert({ ...said, counter, challenge: await challengeAt(client, 'second-factor') });
    const arrived = await two.send(client, answers).form(url, { passkey: assertion });
    expect(isIn(arrived)).toBe(true);
    const thief = await begun(asks, 'newcomer');
    expect((await thief.client.form(thief.url, { passkey: assertion })).status).toBe(403);
  }
  const copied = await begun(two.b, 'newcomer');
  const assertion = key.assert({ ...said, counter: 2, challenge: await challengeAt(copied.client, 'second-factor') });
  const refused = await two.send(copied.client, two.a).form(copied.url, { passkey: assertion });
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('may have been copied')]);
});

test.skipIf(!available)('a second factor begun at one gateway is set up at the other, and its code is used at both', async () => {
  const { client, url, text } = await begun(two.a, 'nurse');
  const secret = /class="secret">([^<]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
  const code = codeOf(secret);
  const done = await two.send(client, two.b).form(url, { code });
  expect(done.text).toContain('Your recovery codes');
  for (const gateway of [two.a, two.b]) {
    const again = await begun(gateway, 'nurse');
    expect(isIn(await again.client.form(again.url, { code }))).toBe(false);
  }
  const recovery = /<li>([A-Z0-9-]{20,})<\/li>/.exec(done.text)?.[1] ?? '';
  const tries = await Promise.all([two.a, two.b].map(async (gateway) => begun(gateway, 'nurse')));
  const told = await Promise.all(tries.map(async (one) => one.client.form(one.url, { code: recovery })));
  expect(told.filter(isIn)).toHaveLength(1);
});

test.skipIf(!available)('a code that is sent to both gateways at once lets one of them in, and nobody after it', async () => {
  const code = codeOf(secretOf('physician'));
  const tries = await Promise.all([two.a, two.b, two.a, two.b].map(async (gateway) => begun(gateway, 'physician')));
  const told = await Promise.all(tries.map(async ({ client, url }) => client.form(url, { code })));
  expect(told.filter(isIn)).toHaveLength(1);
});

test.skipIf(!available)('wrong codes at one gateway count at the other, where the right one does not help then', async () => {
  const wrong = async (gateway: OneOfTwo): Promise<number> => {
    const { client, url } = await begun(gateway, 'records');
    return (await client.form(url, { code: '000000' })).status;
  };
  for (const gateway of [two.a, two.b, two.a, two.b]) expect(await wrong(gateway)).toBe(403);
  await wrong(two.a);
  for (const gateway of [two.b, two.a]) {
    const { client, url } = await begun(gateway, 'records');
    const reply = await client.form(url, { code: codeOf(secretOf('records')) });
    expect([isIn(reply), reply.status]).toEqual([false, 429]);
  }
});

/** A reply that goes on by itself and is read: whether it came whole. */
async function stream(gateway: OneOfTwo, client: CookieClient): Promise<{ readonly whole: Promise<boolean> }> {
  const headers = { host: new URL(two.origin).host, cookie: client.cookieHeader(two.origin) };
  const path = '/fault/trickle?every=100&count=10000';
  const asked = request({ host: '127.0.0.1', port: gateway.port, path, headers, agent: false });
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.on('error', reject).on('response', resolve).end();
  });
  expect(reply.statusCode).toBe(200);
  const whole = new Promise<boolean>((resolve) => {
    reply
      .on('error', () => undefined)
      .on('close', () => resolve(reply.complete))
      .resume();
  });
  return { whole };
}

/** Somebody fails so often at the second factor of this person that the alert follows. */
async function alarm(gateway: OneOfTwo, name: string): Promise<void> {
  for (let tries = 0; tries < failures; tries += 1) {
    const { client, url } = await begun(gateway, name);
    await client.form(url, { code: '000000' });
  }
}

test.skipIf(!available).each([
  ['the first gateway', 'it'],
  ['the second gateway', 'billing'],
])('an alert at %s blocks at both, once, and cuts what runs for them at the other', async (where, name) => {
  const [here, there] = where === 'the first gateway' ? [two.a, two.b] : [two.b, two.a];
  const client = await two.signIn(there, name);
  const { whole } = await stream(there, client);
  await alarm(here, name);
  expect(await whole).toBe(false);
  const blocks = () =>
    two.auditDirectories
      .flatMap((auditDirectory) => records({ auditDirectory }))
      .filter(({ event, reason, subject }) => event === 'response' && reason === 'block' && nameOf(subject) === name);
  await eventually(() => blocks().length > 0, 'the response on record', soon);
  const told = await Promise.all([here, there].map(async (gateway) => askOnce(sameAt(two, gateway, client), main)));
  expect(told.map(({ status, reason }) => [status, reason])).toEqual([
    [403, 'restricted'],
    [403, 'restricted'],
  ]);
  expect(blocks()).toHaveLength(1);
  await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
});

const nameOf = (subject: unknown): unknown => (subject as { name?: unknown } | null)?.name;
