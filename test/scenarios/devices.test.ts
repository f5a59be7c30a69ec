// Browsers that the gateway knows: who makes one known and from where, what sessions and records say of it, which limits it
// narrows, and what a copied, removed or foreign cookie is worth.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, browserWith, codeAt, problemOf, recordsOf, script, sessionCookie } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { records, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const gatewayLines = ['devices: { registeredBy: [it], registeredFrom: clinic }'];
const lock = (yaml: string): string =>
  yaml.replace(/^lock: .*$/m, 'lock: { everywhere: { after: 15m, endAfterLock: 30m, longest: 12h }, devices: { shared: { after: 3m }, unknown: { longest: 8h } } }'); // prettier-ignore

let demo: Demo;
const clock = new ShiftingClock();

beforeAll(async () => {
  demo = await story({ clock, gatewayLines, rewriteGateway: lock });
});
afterAll(async () => demo.close());

const device = (): string => `${demo.origin}/.wardgate/device`;
const cookieOf = (client: CookieClient): string | undefined => client.jar.get(new URL(demo.origin).host)?.get('wardgate-device');

/** Each code is used once, so people come two minutes apart. */
async function come(name: string, client = new CookieClient()): Promise<CookieClient> {
  clock.forward({ minutes: 2 });
  return arrive(demo, name, clock, client);
}

/** A desk that IT has registered, and nobody signed in at it any more. */
async function desk(name: string): Promise<CookieClient> {
  const client = await come('it');
  const reply = await client.form(device(), { kind: 'shared', name });
  if (reply.status !== 200) throw new Error(`Registering ${name} ended at ${reply.url}: ${reply.text}`);
  await client.form(`${demo.origin}/.wardgate/sign-out`, {});
  return client;
}

const me = async (client: CookieClient): Promise<Record<string, unknown>> =>
  problemOf(await script(client, `${demo.origin}/.wardgate/me`));

describe('a shared desk', () => {
  test('is registered by IT, and whoever signs in there is on record at it, with its limits', async () => {
    const client = await desk('WS-OR2');
    expect(recordsOf(demo, 'device-registered').at(-1)).toMatchObject({
      subject: { sub: 'it' },
      device: 'WS-OR2',
      detail: 'shared device "WS-OR2"',
    });
    await come('nurse', client);
    expect(await me(client)).toMatchObject({
      device: { kind: 'shared', name: 'WS-OR2' },
      idleSeconds: 180,
      absoluteSeconds: 43_200,
    });
    expect(recordsOf(demo, 'sign-in').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, device: 'WS-OR2' });
    expect(recordsOf(demo, 'attempt').at(-1)).toMatchObject({ target: '/main', device: 'WS-OR2' });
    clock.forward({ minutes: 4 });
    const state = problemOf(await script(client, `${demo.origin}/.wardgate/activity`));
    expect(state['state']).toBe('locked');
  });

  test('is known by its cookie, which is renewed at each sign-in and never reaches the EHR or a record', async () => {
    const client = await desk('WS-OR3');
    const cookie = cookieOf(client) ?? 'none';
    await come('nurse', client);
    expect(cookieOf(client)).toBe(cookie);
    const seen = JSON.stringify(demo.ehr.requests()) + JSON.stringify(records(demo));
    expect(seen).not.toContain(cookie);
    expect(seen).not.toContain('wardgate-device');
  });

  test.each([
    ['nurse', 'shared'],
    ['front-desk', 'shared'],
  ])('is not registered by %s', async (name, kind) => {
    const client = await come(name);
    const reply = await client.form(device(), { kind, name: 'Mine now' });
    expect([reply.status, cookieOf(client)]).toEqual([403, undefined]);
    expect(reply.text).toContain('device-not-permitted');
    expect(recordsOf(demo, 'refusal').at(-1)).toMatchObject({ reason: 'device-not-permitted', subject: { sub: name } });
  });

  test('has a name of its own, which is plain', async () => {
    await desk('WS-OR4');
    const client = await come('it');
    for (const [name, says] of [
      ['ws-or4', 'of that name already'],
      ['<script>', 'no name for a device'],
      ['', 'no name for a device'],
    ] as const) {
      const reply = await client.form(device(), { kind: 'shared', name });
      expect([reply.status, cookieOf(client)]).toEqual([403, undefined]);
      expect(reply.text).toContain(says);
    }
    expect((await client.form(device(), { kind: 'borrowed', name: 'WS-OR9' })).status).toBe(403);
  });

  test('is registered and removed only by whoever has confirmed in the last minutes', async () => {
    const client = await come('it');
    clock.forward({ minutes: 6 });
    const reply = await client.form(device(), { kind: 'shared', name: 'WS-OR5' });
    expect([reply.status, cookieOf(client)]).toEqual([401, undefined]);
    expect(reply.text).toContain('second-factor-required');
    expect((await client.page(device())).text).not.toContain('name="kind"');
    await client.form(`${demo.origin}/.wardgate/step-up?return=%2F.wardgate%2Fdevice`, { code: codeAt(demo, 'it', clock) });
    expect((await client.page(device())).text).toContain('name="kind"');
  });

  test('is nothing any more once it is removed, also to the sessions on it and to its cookie', async () => {
    const client = await desk('WS-OR6');
    await come('nurse', client);
    const cookie = cookieOf(client) ?? 'none';
    const admin = await come('it');
    const page = await admin.page(device());
    const id = /name="remove" value="([^"]+)"\s*\/>\s*<button[^>]*aria-label="Remove WS-OR6"/.exec(page.text)?.[1] ?? 'none';
    const nurse = await come('nurse');
    expect((await nurse.form(device(), { remove: id })).text).toContain('device-not-permitted');
    expect((await admin.form(device(), { remove: id })).status).toBe(200);
    expect(recordsOf(demo, 'device-removed').at(-1)).toMatchObject({ detail: 'shared device "WS-OR6"', subject: { sub: 'it' } });
    expect((await admin.form(device(), { remove: id })).text).toContain('no such device');
    clock.forward({ minutes: 1 });
    expect(await me(client)).toMatchObject({ device: null, idleSeconds: 900, absoluteSeconds: 28_800 });
    // A copy of its cookie is as unknown as any.
    const copy = await come('physician', browserWith(demo, { 'wardgate-device': cookie }));
    expect(await me(copy)).toMatchObject({ device: null });
  });
});

describe("a person's own device", () => {
  test('is theirs alone: to anybody else the browser is unknown', async () => {
    const client = await come('physician');
    expect((await client.form(device(), { kind: 'own', name: 'Laptop' })).status).toBe(200);
    expect(await me(client)).toMatchObject({
      device: { kind: 'own', name: 'Laptop' },
      idleSeconds: 900,
      absoluteSeconds: 43_200,
    });
    const again = await client.form(device(), { kind: 'own', name: 'Laptop two' });
    expect(again.text).toContain('known already');
    const cookie = cookieOf(client) ?? 'none';
    await client.form(`${demo.origin}/.wardgate/sign-out`, {});
    await come('nurse', client);
    expect(await me(client)).toMatchObject({ device: null });
    expect((await client.page(device())).text).not.toContain('Laptop');
    // It has changed hands: the nurse may call it hers, and the physician's is gone.
    expect((await client.form(device(), { kind: 'own', name: 'Laptop' })).status).toBe(200);
    expect(recordsOf(demo, 'device-removed').at(-1)).toMatchObject({ detail: 'own device "Laptop"', subject: { sub: 'nurse' } });
    expect(await me(await come('physician', browserWith(demo, { 'wardgate-device': cookie })))).toMatchObject({ device: null });
  });

  test('is removed by its person and nobody else', async () => {
    const client = await come('physician');
    await client.form(device(), { kind: 'own', name: 'Tablet' });
    const page = await client.page(device());
    const id = /name="remove" value="([^"]+)"/.exec(page.text)?.[1] ?? 'none';
    const admin = await come('it');
    expect((await admin.form(device(), { remove: id })).text).toContain('device-not-permitted');
    expect((await client.form(device(), { remove: id })).status).toBe(200);
    expect(cookieOf(client)).toBeUndefined();
    expect(await me(client)).toMatchObject({ device: null });
  });
});

describe('a device cookie', () => {
  test('opens nothing by itself', async () => {
    const client = await desk('WS-OR7');
    const bare = browserWith(demo, { 'wardgate-device': cookieOf(client) ?? 'none' });
    expect(sessionCookie(bare, demo)).toBeUndefined();
    const reply = await script(bare, `${demo.origin}/main`);
    expect(reply.status).toBe(401);
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a script of the EHR', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' }],
    ['a frame of the EHR', { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'same-origin' }],
  ])('is not given to a form of %s', async (_whose, headers) => {
    const client = await come('it');
    const reply = await client.form(device(), { kind: 'shared', name: 'WS-OR8' }, headers);
    expect([reply.status, cookieOf(client)]).toEqual([403, undefined]);
    expect(recordsOf(demo, 'device-registered').filter((one) => one['device'] === 'WS-OR8')).toEqual([]);
  });

  test.each([['short'], ['x'.repeat(43)], [`${'x'.repeat(43)}; wardgate-device=${'y'.repeat(43)}`]])(
    'that is none (%s) is an unknown browser',
    async (value) => {
      const client = await come('nurse', browserWith(demo, { 'wardgate-device': value }));
      expect(await me(client)).toMatchObject({ device: null });
    },
  );
});

test('nobody registers a desk from outside the zone, and own devices can be forbidden', async () => {
  const lines = ['devices: { registeredBy: [it], registeredFrom: desks, own: off }'];
  const elsewhere = await story({ clock, gatewayLines: lines });
  try {
    clock.forward({ minutes: 2 });
    const client = await arrive(elsewhere, 'it', clock);
    for (const kind of ['shared', 'own']) {
      const reply = await client.form(`${elsewhere.origin}/.wardgate/device`, { kind, name: 'WS-OR2' });
      expect([reply.status, reply.text.includes('device-not-permitted')]).toEqual([403, true]);
    }
    expect((await client.page(`${elsewhere.origin}/.wardgate/device`)).text).not.toContain('name="kind"');
  } finally {
    await elsewhere.close();
  }
});
