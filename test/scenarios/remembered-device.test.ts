// A second factor that is not asked for again during a shift: where, for whom and how long, what it does not do, and what
// takes it back.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, browserWith, codeAt, problemOf, recordsOf, roleLines, script, sessionCookie } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { records, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: main, paths: [/main], allow: everyone }
  - { name: fresh, paths: [/finder], allow: everyone, freshFactor: 12h }
  - { name: strict, paths: [/welcome], allow: everyone, factor: phishing-resistant }
  - { name: emergency, paths: [/chart/**], allow: it, emergency: nurse, patient: [query.pid] }
`;
const remember = (yaml: string): string =>
  yaml.replace('secondFactor: {', 'secondFactor: { remember: { from: clinic, lasts: 10h },');

let demo: Demo;
const clock = new ShiftingClock();

beforeAll(async () => {
  demo = await story({ clock, rules, gatewayLines: ['devices: { registeredBy: [it] }'], rewriteGateway: remember });
});
afterAll(async () => demo.close());

const url = (path: string): string => `${demo.origin}/.wardgate/${path}`;
const cookiesOf = (client: CookieClient): Map<string, string> => client.jar.get(new URL(demo.origin).host) ?? new Map();
const cookie = (client: CookieClient, name: string): string => cookiesOf(client).get(name) ?? 'none';

let desks = 0;
async function desk(): Promise<CookieClient> {
  clock.forward({ minutes: 2 });
  const client = await arrive(demo, 'it', clock);
  desks += 1;
  await client.form(url('device'), { kind: 'shared', name: `WS-${desks}` });
  await client.form(url('sign-out'), {});
  return client;
}

const start = (name: string): string => url(`sign-in?login_hint=${name}&return=%2Fmain`);

/** Signs in with a code and ticks the box, and leaves again. */
async function tick(name: string, client: CookieClient): Promise<CookieClient> {
  clock.forward({ minutes: 2 });
  const challenge = await client.page(start(name));
  expect(challenge.text).toContain('name="remember"');
  const done = await client.form(challenge.url, { code: codeAt(demo, name, clock), remember: 'yes' });
  expect(done.url).toBe(`${demo.origin}/main`);
  await client.form(url('sign-out'), {});
  return client;
}

/** True where the person came in without a code. */
async function comesIn(name: string, client: CookieClient): Promise<boolean> {
  const page = await client.page(start(name));
  return page.url === `${demo.origin}/main` && sessionCookie(client, demo) !== undefined;
}

const reasonOf = (reply: Reply): unknown => problemOf(reply)['reason'];

describe('at a known device, from the zone', () => {
  test('a person who asked for it is not asked again that shift, and both sign-ins are on record', async () => {
    const client = await tick('nurse', await desk());
    expect(recordsOf(demo, 'device-remembered').at(-1)).toMatchObject({
      subject: { sub: 'nurse' },
      factor: 'totp',
      device: `WS-${desks}`,
    });
    clock.forward({ hours: 9 });
    expect(await comesIn('nurse', client)).toBe(true);
    const record = recordsOf(demo, 'sign-in').at(-1);
    expect(record).toMatchObject({ subject: { sub: 'nurse' }, factor: 'remembered', device: `WS-${desks}` });
    expect(record?.['detail']).toMatch(/^totp of .*Z, until .*Z$/);
    const me = problemOf(await script(client, url('me')));
    expect(me['secondFactor']).toEqual({ method: 'remembered', at: null });
    expect((await client.page(url('device'))).text).toContain('You are not asked for your second factor here until');
    const seen = JSON.stringify(records(demo)) + JSON.stringify(demo.ehr.requests());
    expect(seen).not.toContain(cookie(client, 'wardgate-shift'));
  });

  test('the time ends where it ends, however often somebody comes back in between', async () => {
    const client = await tick('nurse', await desk());
    clock.forward({ hours: 6 });
    expect(await comesIn('nurse', client)).toBe(true);
    await client.form(url('sign-out'), {});
    clock.forward({ hours: 4 });
    expect(await comesIn('nurse', client)).toBe(false);
  });

  test('each person at a desk asks for themselves', async () => {
    const client = await tick('nurse', await desk());
    expect(await comesIn('physician', client)).toBe(false);
    await tick('physician', client);
    expect(await comesIn('nurse', client)).toBe(true);
    await client.form(url('sign-out'), {});
    expect(await comesIn('physician', client)).toBe(true);
  });

  test('nobody is remembered who did not tick the box', async () => {
    const client = await desk();
    clock.forward({ minutes: 2 });
    await arrive(demo, 'nurse', clock, client);
    await client.form(url('sign-out'), {});
    expect(await comesIn('nurse', client)).toBe(false);
  });
});

describe('what is remembered', () => {
  test('satisfies no rule that asks for a fresh factor or a passkey, and nothing that changes factors or devices', async () => {
    const client = await tick('nurse', await desk());
    expect(await comesIn('nurse', client)).toBe(true);
    for (const path of ['/finder', '/welcome']) {
      const reply = await script(client, demo.origin + path);
      expect([path, reply.status, reasonOf(reply)]).toEqual([path, 401, 'second-factor-required']);
    }
    expect((await client.form(url('device'), { pin: '582917', again: '582917' })).status).toBe(401);
    expect((await client.form(url('factors'), { remove: 'x' })).status).toBe(401);
    clock.forward({ minutes: 2 });
    await client.form(url('step-up?return=%2Fmain'), { code: codeAt(demo, 'nurse', clock) });
    expect((await script(client, `${demo.origin}/finder`)).status).toBe(200);
    expect(problemOf(await script(client, url('me')))['secondFactor']).toMatchObject({ method: 'totp' });
  });

  test('opens no emergency access', async () => {
    const client = await tick('nurse', await desk());
    expect(await comesIn('nurse', client)).toBe(true);
    expect((await client.page(url('emergency'))).url).toContain('/.wardgate/step-up');
    const opened = recordsOf(demo, 'break-glass').length;
    const reply = await client.form(url('emergency'), { reason: 'a patient in the corridor' });
    expect([reply.status, reply.text.includes('second-factor-required')]).toEqual([401, true]);
    expect(recordsOf(demo, 'break-glass')).toHaveLength(opened);
  });

  test('is no answer to a sign-in that was asked for anew', async () => {
    const client = await tick('nurse', await desk());
    const page = await client.page(url('sign-in?fresh=1&login_hint=nurse&return=%2Fmain'));
    expect(page.url).toContain('/.wardgate/second-factor');
  });
});

describe('it is worth nothing', () => {
  test('with one of the two cookies, with that of another desk, or with a made-up one', async () => {
    const client = await tick('nurse', await desk());
    const other = await tick('physician', await desk());
    const [device, shift] = [cookie(client, 'wardgate-device'), cookie(client, 'wardgate-shift')];
    expect(cookie(other, 'wardgate-shift')).not.toBe(shift);
    for (const cookies of [
      { 'wardgate-device': device },
      { 'wardgate-shift': shift },
      { 'wardgate-device': cookie(other, 'wardgate-device'), 'wardgate-shift': shift },
      { 'wardgate-device': device, 'wardgate-shift': cookie(other, 'wardgate-shift') },
      { 'wardgate-device': device, 'wardgate-shift': 'x'.repeat(43) },
    ]) {
      expect(await comesIn('nurse', browserWith(demo, cookies))).toBe(false);
    }
    expect(await comesIn('nurse', browserWith(demo, { 'wardgate-device': device, 'wardgate-shift': shift }))).toBe(true);
  });

  test('at a browser that nobody knows: the box is not there, and asking for it does nothing', async () => {
    const client = new CookieClient();
    clock.forward({ minutes: 2 });
    const challenge = await client.page(start('nurse'));
    expect(challenge.text).not.toContain('name="remember"');
    await client.form(challenge.url, { code: codeAt(demo, 'nurse', clock), remember: 'yes' });
    expect(cookiesOf(client).has('wardgate-shift')).toBe(false);
  });

  test('while somebody guesses the codes of this person', async () => {
    const client = await tick('billing', await desk());
    const guesser = new CookieClient();
    clock.forward({ minutes: 2 });
    const challenge = await guesser.page(start('billing'));
    for (let times = 0; times < 5; times += 1) await guesser.form(challenge.url, { code: '000000' });
    expect(await comesIn('billing', client)).toBe(false);
  });
});

describe('it is taken back', () => {
  test('by its person on the page of the device, without a confirmation', async () => {
    const client = await tick('nurse', await desk());
    expect(await comesIn('nurse', client)).toBe(true);
    expect((await client.form(url('device'), { forget: 'remembered' })).status).toBe(200);
    expect(recordsOf(demo, 'device-forgotten').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, device: `WS-${desks}` });
    await client.form(url('sign-out'), {});
    expect(await comesIn('nurse', client)).toBe(false);
  });

  test('with the device, and with the factors of its person', async () => {
    const client = await tick('nurse', await desk());
    const { state } = demo.gateway.composed;
    const named = state.devices.at('ehr').find(({ name }) => name === `WS-${desks}`);
    await state.devices.remove(named?.id ?? '');
    expect(await comesIn('nurse', client)).toBe(false);

    const other = await tick('records', await desk());
    await state.factors.remove(demo.provider.issuer, 'records');
    const page = await other.page(start('records'));
    expect(page.url).not.toBe(`${demo.origin}/main`);
  });
});

test.each([
  ['from another zone', 'secondFactor: { remember: { from: desks, lasts: 10h },'],
  ['where the configuration says nothing of it', 'secondFactor: {'],
])('nobody is offered it %s', async (_where, line) => {
  const elsewhere = await story({
    clock,
    gatewayLines: ['devices: { registeredBy: [it] }'],
    rewriteGateway: (yaml) => yaml.replace('secondFactor: {', line),
  });
  try {
    clock.forward({ minutes: 2 });
    const client = await arrive(elsewhere, 'it', clock);
    await client.form(`${elsewhere.origin}/.wardgate/device`, { kind: 'shared', name: 'WS-1' });
    await client.form(`${elsewhere.origin}/.wardgate/sign-out`, {});
    const challenge = await client.page(`${elsewhere.origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fmain`);
    expect(challenge.text).not.toContain('name="remember"');
    await client.form(challenge.url, { code: codeAt(elsewhere, 'nurse', clock), remember: 'yes' });
    expect(client.jar.get(new URL(elsewhere.origin).host)?.has('wardgate-shift')).toBe(false);
  } finally {
    await elsewhere.close();
  }
});
