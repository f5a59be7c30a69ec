// Guessing, replaying and racing the second factor.

import { expect, test } from 'vitest';
import { SqliteAttemptLimiter } from '../../src/adapters/attempt-limiter-sqlite.ts';
import { formatRecoveryCode, normaliseRecoveryCode } from '../../src/core/second-factor/recovery-code.ts';
import { personKey } from '../../src/sign-in/person-key.ts';
import { recoveryHash } from '../../src/sign-in/recovery-hash.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { startOwnPages, totp } from '../support/own-pages-server.ts';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const minute = 60_000;
const recovery = formatRecoveryCode(new Uint8Array(16).fill(7));

async function setUp() {
  const op = await startBadProvider();
  const server = await startOwnPages({ provider: async () => Promise.resolve(op) });
  // The provider's clock is the gateway's, whatever the test does to it.
  op.mutation.claims = (claims) => ({ ...claims, iat: Math.floor(server.clock.now() / 1000) });
  const person = { issuer: op.issuer, sub: 'ada' };
  const hash = recoveryHash(person, normaliseRecoveryCode(recovery) ?? '');
  await server.needs.factors.enrolTotp(op.issuer, 'ada', server.needs.sealer.seal('totp', personKey(person), secret), -1, 1, [
    hash,
  ]);
  return { ...server, person };
}

type World = Awaited<ReturnType<typeof setUp>>;

async function atTheCode({ origin }: World): Promise<(code: string) => Promise<number>> {
  const browser = new CookieClient();
  const page = await browser.page(`${origin}/.wardgate/sign-in`);
  return async (code) => {
    const body = new URLSearchParams({ code }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await browser.ask(page.url, { method: 'POST', body, headers })).status;
  };
}

/** A six-digit code that is wrong at this moment. */
function wrong(world: World): string {
  const right = [-1, 0, 1].map((step) => totp(secret, world.clock.now() + step * 30_000));
  return ['000000', '111111', '222222', '333333'].find((code) => !right.includes(code)) ?? '';
}

test('five wrong codes block the person in every browser, for longer each time, and a right code does not help', async () => {
  const world = await setUp();
  for (let n = 1; n <= 4; n += 1) expect(await (await atTheCode(world))(wrong(world))).toBe(403);
  const last = await atTheCode(world);
  expect(await last(wrong(world))).toBe(429);
  const elsewhere = await atTheCode(world);
  expect(await elsewhere(totp(secret, world.clock.now()))).toBe(429);
  expect(await elsewhere(recovery)).toBe(429);
  expect(world.sessions.size).toBe(0);
  expect(world.audit.events()).toEqual([
    ...Array.from({ length: 5 }, () => 'second-factor-failed'),
    'second-factor-blocked',
    'second-factor-blocked',
    'second-factor-blocked',
  ]);
  // A restart clears nothing.
  const restarted = await SqliteAttemptLimiter.open(world.db, world.clock);
  expect(await restarted.blockedFor(personKey(world.person))).toBeGreaterThan(14 * minute);
  world.clock.advance(15 * minute);
  const later = await atTheCode(world);
  expect(await later(totp(secret, world.clock.now()))).toBe(303);
  expect(world.sessions.size).toBe(1);
});

test('a hundred codes at the same moment are five tries', async () => {
  const world = await setUp();
  const send = await Promise.all(Array.from({ length: 10 }, async () => atTheCode(world)));
  const statuses = await Promise.all(Array.from({ length: 100 }, async (_, n) => send[n % 10]?.(wrong(world))));
  expect(statuses.filter((status) => status === 403)).toHaveLength(4);
  expect(statuses.filter((status) => status === 429)).toHaveLength(96);
  expect(world.audit.events().filter((event) => event === 'second-factor-failed')).toHaveLength(5);
});

test('one code sent by many at the same moment signs one of them in', async () => {
  const world = await setUp();
  const code = totp(secret, world.clock.now());
  const send = await Promise.all(Array.from({ length: 4 }, async () => atTheCode(world)));
  const statuses = await Promise.all(send.map(async (one) => one(code)));
  expect(statuses.toSorted((a, b) => a - b)).toEqual([303, 403, 403, 403]);
  expect(world.sessions.size).toBe(1);
});

test('one recovery code sent by many at the same moment signs one of them in', async () => {
  const world = await setUp();
  const send = await Promise.all(Array.from({ length: 4 }, async () => atTheCode(world)));
  expect((await Promise.all(send.map(async (one) => one(recovery)))).toSorted((a, b) => a - b)).toEqual([303, 403, 403, 403]);
  expect(world.sessions.size).toBe(1);
});

test('steps only move forward', async () => {
  const world = await setUp();
  const code = (steps: number) => totp(secret, world.clock.now() + steps * 30_000);
  expect(await (await atTheCode(world))(code(2))).toBe(403);
  expect(await (await atTheCode(world))(code(-2))).toBe(403);
  expect(await (await atTheCode(world))(code(1))).toBe(303);
  expect(await (await atTheCode(world))(code(1))).toBe(403);
  expect(await (await atTheCode(world))(code(0))).toBe(403);
  expect(await (await atTheCode(world))(code(-1))).toBe(403);
});

test('after a clock that ran ahead was set right, the log says why no code is right, and a reset helps', async () => {
  const world = await setUp();
  world.clock.advance(60 * minute);
  expect(await (await atTheCode(world))(totp(secret, world.clock.now()))).toBe(303);
  world.clock.advance(-60 * minute);
  expect(await (await atTheCode(world))(totp(secret, world.clock.now()))).toBe(403);
  expect(world.log.said.some((line) => line.message.includes('check the clock'))).toBe(true);
  expect(await world.needs.factors.remove(world.person.issuer, 'ada')).toBe(true);
});

test.each(['', '12345', '1234567', '\uFF11\uFF12\uFF13\uFF14\uFF15\uFF16'])('%j is refused like any wrong code', async (code) => {
  const world = await setUp();
  expect(await (await atTheCode(world))(code)).toBe(403);
});

test('a code given twice in one form is none', async () => {
  const world = await setUp();
  const browser = new CookieClient();
  const page = await browser.page(`${world.origin}/.wardgate/sign-in`);
  const code = totp(secret, world.clock.now());
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await browser.ask(page.url, { method: 'POST', body: `code=${code}&code=${code}`, headers })).status).toBe(403);
  expect((await browser.ask(page.url, { method: 'POST', body: `code[]=${code}`, headers })).status).toBe(403);
  expect(
    (
      await browser.ask(page.url, {
        method: 'POST',
        body: JSON.stringify({ code }),
        headers: { 'content-type': 'application/json' },
      })
    ).status,
  ).toBe(403);
});

test("another person's code is wrong", async () => {
  const world = await setUp();
  const other = 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU';
  expect(await (await atTheCode(world))(totp(other, world.clock.now()))).toBe(403);
});
