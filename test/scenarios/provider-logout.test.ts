// Somebody signs out at the provider, and the gateway hears of it from the provider itself: the whole way, with the demo's
// provider and a gateway that listens.

import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import {
  arrive,
  browserWith,
  expectRefused,
  problemOf,
  recordsOf,
  roleLines,
  script,
  sessionCookie,
  withoutTheEhr,
} from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: all, paths: [/main, /finder, /chart, /files/large], allow: everyone }
downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }
`;

let demo: Demo;
const clock = new ShiftingClock();

beforeAll(async () => {
  demo = await story({ rules, clock, gatewayLines: ['limits: { anonymousRecordsPerMinute: 60 }'] });
});
afterAll(async () => demo.close());

/** What a person does on the provider's own sign-out page; its script sends the one form. */
async function signOutAtProvider(client: CookieClient): Promise<void> {
  const asked = await client.ask(`${demo.provider.issuer}/session/end`);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.text)?.[1];
  if (xsrf === undefined) throw new Error(`No form at the provider: ${asked.text}`);
  const done = await client.form(`${demo.provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
  expect(done.text).toContain('Signed out');
}

test('signing out there ends the session here, cuts what is running, and leaves the other browser alone', async () => {
  const desk = await arrive(demo, 'nurse', clock);
  clock.forward({ minutes: 1 });
  const ward = await arrive(demo, 'nurse', clock);
  const { session } = problemOf(await script(desk, `${demo.origin}/.wardgate/me`));
  const download = await openAndHold(desk, '/files/large?megabytes=64');
  await signOutAtProvider(desk);
  await expectRefused(demo, () => script(desk, `${demo.origin}/chart?pid=7`), 401, 'sign-in-required');
  await new Promise((resolve) => download.once('close', resolve).resume());
  expect(download.complete).toBe(false);
  expect((await script(ward, `${demo.origin}/chart?pid=7`)).status).toBe(200);
  const ended = recordsOf(demo, 'session-ended');
  expect(ended).toMatchObject([{ session, reason: 'provider-logout', subject: { sub: 'nurse' }, roles: ['nurse'] }]);
  const outcome = await eventually(
    () => recordsOf(demo, 'outcome').find((one) => one['reason'] === 'session-ended'),
    'the outcome of the download',
  );
  expect(outcome).toMatchObject({ session });
});

test('signing out here and by that there is one end and no quarrel', async () => {
  clock.forward({ minutes: 1 });
  const client = await arrive(demo, 'physician', clock);
  const before = recordsOf(demo, 'session-ended').length;
  const left = await client.form(`${demo.origin}/.wardgate/sign-out`, {});
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(left.text)?.[1] ?? '';
  const done = await client.form(`${demo.provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
  expect(done).toMatchObject({ status: 200, url: `${demo.origin}/.wardgate/signed-out` });
  expect(recordsOf(demo, 'session-ended')).toHaveLength(before);
  expect(recordsOf(demo, 'refusal').filter((one) => one['reason'] === 'logout-token-refused')).toEqual([]);
});

test('an ended session stays ended, and a stranger’s token ends nothing and leaves a record', async () => {
  clock.forward({ minutes: 1 });
  const client = await arrive(demo, 'front-desk', clock);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const forged = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"front-desk"}').toString('base64url')}.`;
  const reply = await withoutTheEhr(demo, () =>
    new CookieClient().ask(`${demo.origin}/.wardgate/backchannel-logout`, {
      method: 'POST',
      headers,
      body: `logout_token=${forged}`,
    }),
  );
  expect(reply).toMatchObject({ status: 400, headers: { 'cache-control': 'no-store' } });
  expect(recordsOf(demo, 'refusal').at(-1)).toMatchObject({
    reason: 'logout-token-refused',
    status: 400,
    target: '/.wardgate/backchannel-logout',
    address: expect.stringMatching(/127\.0\.0\.1|::1/) as unknown,
  });
  const cookie = sessionCookie(client, demo) ?? '';
  expect((await script(client, `${demo.origin}/finder`)).status).toBe(200);
  await signOutAtProvider(client);
  await expectRefused(
    demo,
    () => script(browserWith(demo, { wardgate: cookie }), `${demo.origin}/finder`),
    401,
    'sign-in-required',
  );
});

test('a flood of strangers is recorded within the budget of their address', async () => {
  const before = recordsOf(demo, 'refusal').length;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const budget = 60;
  for (let n = 0; n < budget * 3; n += 1) {
    const reply = await new CookieClient().ask(`${demo.origin}/.wardgate/backchannel-logout`, {
      method: 'POST',
      headers,
      body: `logout_token=${n}`,
    });
    expect(reply.status).toBe(400);
  }
  expect(recordsOf(demo, 'refusal').length - before).toBeLessThanOrEqual(budget);
});

/** Starts a download and leaves it unread, so that it is still running. */
function openAndHold(client: CookieClient, path: string): Promise<IncomingMessage> {
  const { hostname, port } = new URL(demo.origin);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: hostname, port, path, headers: { cookie: client.cookieHeader(demo.origin) }, agent: false },
      (reply) => {
        reply.on('error', () => undefined);
        reply.pause();
        resolve(reply);
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}
