// A PIN unlocks a locked session at the device it was set for, and nothing else: who may set one, which are refused, what it
// proves, and what becomes of whoever guesses, copies cookies or comes too late.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, browserWith, problemOf, recordsOf, script, sessionCookie } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { records, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const formType = { 'content-type': 'application/x-www-form-urlencoded' };
const pin = '582917';

let demo: Demo;
const clock = new ShiftingClock();

beforeAll(async () => {
  demo = await story({ clock, gatewayLines: ['devices: { registeredBy: [it], pinLasts: 2d }'] });
});
afterAll(async () => demo.close());

const url = (path: string): string => `${demo.origin}/.wardgate/${path}`;
const cookiesOf = (client: CookieClient): Map<string, string> => client.jar.get(new URL(demo.origin).host) ?? new Map();
const deviceCookie = (client: CookieClient): string => cookiesOf(client).get('wardgate-device') ?? 'none';

async function come(name: string, client = new CookieClient()): Promise<CookieClient> {
  clock.forward({ minutes: 2 });
  return arrive(demo, name, clock, client);
}

let desks = 0;
/** A shared desk at which nobody is signed in. */
async function desk(): Promise<CookieClient> {
  const client = await come('it');
  desks += 1;
  await client.form(url('device'), { kind: 'shared', name: `WS-${desks}` });
  await client.form(url('sign-out'), {});
  return client;
}

/** Somebody at a desk, with a PIN there. */
async function withPin(name: string, client?: CookieClient, digits = pin): Promise<CookieClient> {
  const at = await come(name, client ?? (await desk()));
  const reply = await at.form(url('device'), { pin: digits, again: digits });
  if (reply.status !== 200) throw new Error(`Setting the PIN ended with ${reply.status}: ${reply.text}`);
  return at;
}

const lock = (): void => clock.forward({ minutes: 16 });

function type(client: CookieClient, digits: string, headers: Record<string, string> = {}): Promise<Reply> {
  const more = { ...formType, accept: 'application/json', origin: demo.origin, ...headers };
  return script(client, url('unlock'), { method: 'POST', body: `pin=${digits}`, headers: more });
}

const stateOf = async (client: CookieClient): Promise<Record<string, unknown>> =>
  problemOf(await script(client, url('activity')));

describe('a PIN', () => {
  test('is the first way to unlock where it was set, and leaves what was proved as it was', async () => {
    const client = await withPin('nurse');
    expect(recordsOf(demo, 'pin-set').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, device: `WS-${desks}` });
    const before = problemOf(await script(client, url('me')))['secondFactor'];
    lock();
    expect(await stateOf(client)).toMatchObject({ state: 'locked', ways: ['pin', 'code', 'provider'] });
    expect((await client.page(url('unlock'))).text).toContain('name="pin"');
    const reply = await type(client, pin);
    expect([reply.status, problemOf(reply)['state']]).toEqual([200, 'active']);
    expect(problemOf(await script(client, url('me')))['secondFactor']).toEqual(before);
    const record = recordsOf(demo, 'unlocked').at(-1);
    expect(record).toMatchObject({ factor: 'totp', device: `WS-${desks}` });
    expect(record?.['detail']).toContain(`by PIN on "WS-${desks}"`);
    expect(JSON.stringify(records(demo))).not.toContain(pin);
  });

  test('unlocks by the page without script too', async () => {
    const client = await withPin('nurse');
    lock();
    const wrong = await client.form(url('unlock?return=%2Fmain'), { pin: '204816' });
    expect([wrong.status, wrong.text.includes('Tries left: 4')]).toEqual([403, true]);
    const reply = await client.form(url('unlock?return=%2Fmain'), { pin });
    expect([reply.status, reply.url]).toEqual([200, `${demo.origin}/main`]);
  });

  test('is one of several at a shared desk, each for its own person', async () => {
    const at = await withPin('nurse');
    await at.form(url('sign-out'), {});
    await withPin('physician', at, '204816');
    lock();
    expect((await type(at, pin)).status).toBe(403);
    expect((await type(at, '204816')).status).toBe(200);
    await at.form(url('sign-out'), {});
    await come('nurse', at);
    lock();
    expect((await type(at, pin)).status).toBe(200);
  });

  test.each([
    ['12345', '12345', 'six digits'],
    ['abcdef', 'abcdef', 'six digits'],
    ['000000', '000000', 'without a pattern'],
    ['123456', '123456', 'without a pattern'],
    ['121212', '121212', 'without a pattern'],
    [pin, '582918', 'not the same'],
    [pin, '', 'not the same'],
  ])('of %s and %s is refused in words', async (one, again, says) => {
    const client = await come('nurse', await desk());
    const reply = await client.form(url('device'), { pin: one, again });
    expect([reply.status, reply.text.includes(says)]).toEqual([403, true]);
    lock();
    expect((await stateOf(client))['ways']).not.toContain('pin');
  });

  test('is set only after a factor of this very moment, and only at a known device', async () => {
    const client = await come('nurse', await desk());
    clock.forward({ minutes: 6 });
    expect((await client.form(url('device'), { pin, again: pin })).status).toBe(401);
    const unknown = await come('nurse');
    const reply = await unknown.form(url('device'), { pin, again: pin });
    expect([reply.status, reply.text.includes('it is not known')]).toEqual([403, true]);
    expect((await unknown.page(url('device'))).text).not.toContain('name="pin"');
  });

  test('is removed by its person, and grows old', async () => {
    const client = await withPin('nurse');
    expect((await client.form(url('device'), { forget: 'pin' })).status).toBe(200);
    expect(recordsOf(demo, 'pin-removed').at(-1)).toMatchObject({ subject: { sub: 'nurse' } });
    lock();
    expect((await type(client, pin)).status).toBe(403);
    expect(recordsOf(demo, 'pin-failed').at(-1)).toMatchObject({ reason: 'pin-not-here' });

    const old = await withPin('physician');
    clock.forward({ hours: 48 });
    await come('physician', old);
    lock();
    expect((await stateOf(old))['ways']).not.toContain('pin');
    expect((await type(old, pin)).status).toBe(403);
  });
});

describe('a PIN does nothing', () => {
  test('for signing in or confirming', async () => {
    const client = await withPin('nurse');
    for (const path of ['step-up', 'factors', 'second-factor']) await client.form(url(path), { pin, code: pin });
    clock.forward({ minutes: 6 });
    expect((await client.form(url('step-up'), { pin })).text).toContain('Confirm once more');
    expect((await client.form(url('device'), { pin: '204816', again: '204816' })).status).toBe(401);
    await client.form(url('sign-out'), {});
    const challenge = await client.page(url('sign-in?login_hint=nurse&return=%2Fmain'));
    const reply = await client.form(challenge.url, { pin });
    expect([reply.status, sessionCookie(client, demo)]).toEqual([403, undefined]);
  });

  test('with the session in a browser that is not the device, or with the device of another', async () => {
    const client = await withPin('nurse');
    lock();
    const session = sessionCookie(client, demo) ?? 'none';
    const other = await desk();
    for (const cookies of [
      { wardgate: session },
      { wardgate: session, 'wardgate-device': deviceCookie(other) },
      { wardgate: session, 'wardgate-device': 'x'.repeat(43) },
    ]) {
      const thief = browserWith(demo, cookies);
      expect((await stateOf(thief))['ways']).not.toContain('pin');
      expect((await type(thief, pin)).status).toBe(403);
      expect(recordsOf(demo, 'pin-failed').at(-1)).toMatchObject({ reason: 'pin-not-here', subject: { sub: 'nurse' } });
    }
    expect((await stateOf(client))['state']).toBe('locked');
    // Asked from elsewhere, it was no try.
    expect((await type(client, '204816')).text).toContain('Tries left: 4');
  });

  test('for the device alone, for an ended session, or after the desk was removed', async () => {
    const client = await withPin('nurse');
    const bare = browserWith(demo, { 'wardgate-device': deviceCookie(client) });
    expect((await type(bare, pin)).status).toBe(401);

    const admin = await come('it');
    const page = await admin.page(url('device'));
    const id = new RegExp(`name="remove" value="([^"]+)"\\s*/>\\s*<button[^>]*aria-label="Remove WS-${desks}"`).exec(
      page.text,
    )?.[1];
    await admin.form(url('device'), { remove: id ?? 'none' });
    lock();
    expect((await type(client, pin)).status).toBe(403);

    const late = await withPin('physician');
    clock.forward({ minutes: 50 });
    expect((await type(late, pin)).status).toBe(401);
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['another site that hides its origin', { origin: '', 'sec-fetch-site': 'cross-site' }],
  ])('from %s', async (_whose, headers) => {
    const client = await withPin('nurse');
    lock();
    expect((await type(client, pin, headers)).status).toBe(403);
    expect((await stateOf(client))['state']).toBe('locked');
  });
});

describe('whoever guesses', () => {
  test('has five tries however many they send at once; then the session is over and the PIN gone', async () => {
    const client = await withPin('nurse');
    await client.page(`${demo.origin}/main`);
    lock();
    const failed = recordsOf(demo, 'pin-failed').length;
    const replies = await Promise.all(Array.from({ length: 15 }, async (_, at) => type(client, String(204_000 + at))));
    expect(replies.filter(({ status }) => status === 403).length).toBeLessThanOrEqual(4);
    expect(replies.filter(({ status }) => status === 200)).toEqual([]);
    expect(recordsOf(demo, 'pin-failed').length - failed).toBe(5);
    expect(recordsOf(demo, 'pin-failed').at(-1)).toMatchObject({ reason: 'pin-wrong', detail: 'the last try' });
    expect(recordsOf(demo, 'pin-removed').at(-1)?.['detail']).toContain('after wrong tries');
    expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ reason: 'pin-failed', subject: { sub: 'nurse' } });
    expect((await type(client, pin)).status).toBe(401);
    await come('nurse', client);
    lock();
    expect((await stateOf(client))['ways']).not.toContain('pin');
  });

  test('gains nothing by a form that is no PIN, and is told the end on a page too', async () => {
    const client = await withPin('nurse');
    lock();
    for (const junk of ['', '12', 'a'.repeat(1000), '%00']) expect((await type(client, junk)).status).toBe(403);
    for (let times = 0; times < 4; times += 1) await type(client, '204816');
    const last = await client.form(url('unlock?return=%2Fmain'), { pin: '204816' });
    expect([last.status, last.text.includes('session-expired')]).toEqual([401, true]);
  });
});

test('no PIN is offered or taken where the configuration says off', async () => {
  const without = await story({ clock, gatewayLines: ['devices: { registeredBy: [it], pin: off }'] });
  try {
    clock.forward({ minutes: 2 });
    const client = await arrive(without, 'it', clock);
    await client.form(`${without.origin}/.wardgate/device`, { kind: 'own', name: 'Laptop' });
    const reply = await client.form(`${without.origin}/.wardgate/device`, { pin, again: pin });
    expect(reply.status).toBe(403);
    expect((await client.page(`${without.origin}/.wardgate/device`)).text).not.toContain('name="pin"');
  } finally {
    await without.close();
  }
});
