// A rule asked for a second factor that is five minutes old at most. Somebody who brings the provider's own factor was sent
// to sign in again, the provider still had a session from the morning and answered without asking anybody, and the gateway
// took the moment of the answer for the moment of the proof: hours-old proofs were fresh. Now the provider is asked for a
// sign-in anew, its `auth_time` must be young, and the proof is as old as the provider says.

import { expect, test } from 'vitest';
import { startBadProvider } from '../support/bad-provider.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { startOwnPages } from '../support/own-pages-server.ts';

const now = () => Math.floor(Date.now() / 1000);

async function setUp(authTime: number | undefined) {
  const op = await startBadProvider();
  op.claims = { groups: ['Clinic-Nurses'], amr: ['mfa'], ...(authTime === undefined ? {} : { auth_time: authTime }) };
  const server = await startOwnPages({ provider: async () => Promise.resolve(op), secondFactor: { trustAmr: ['mfa'] } });
  const browser = new CookieClient();
  const me = async (): Promise<unknown> =>
    (
      JSON.parse(
        (await browser.ask(`${server.origin}/.wardgate/me`, { headers: { accept: 'application/json' } })).text,
      ) as Record<string, unknown>
    )['secondFactor'];
  /** The step-up as a browser does it, up to the answer to the provider's. */
  const stepUp = async (): Promise<{ asked: URLSearchParams; reply: Reply }> => {
    const step = await browser.ask(`${server.origin}/.wardgate/step-up?return=/admin`);
    const start = await browser.ask(server.origin + String(step.headers.location));
    const answered = await browser.ask(String(start.headers.location));
    return {
      asked: new URL(String(start.headers.location)).searchParams,
      reply: await browser.ask(String(answered.headers.location)),
    };
  };
  await browser.page(`${server.origin}/.wardgate/sign-in?return=/chart`);
  return { ...server, op, browser, me, stepUp };
}

test('the proof is as old as the provider says, not as young as its answer', async () => {
  const authTime = now() - 3600;
  const world = await setUp(authTime);
  expect(await world.me()).toEqual({ method: 'provider', at: new Date(authTime * 1000).toISOString() });
});

test('a provider that does not say when has proved nothing fresh', async () => {
  expect(await (await setUp(undefined)).me()).toEqual({ method: 'provider', at: null });
});

test('a provider’s time that lies in the future is now', async () => {
  const world = await setUp(now() + 50);
  const { at } = (await world.me()) as { at: string };
  expect(Date.parse(at)).toBeLessThanOrEqual(world.clock.now());
});

test('the step-up asks for a sign-in anew, and an old one is refused (OI-055)', async () => {
  const world = await setUp(now() - 3600);
  const { asked, reply } = await world.stepUp();
  expect(asked.get('max_age')).toBe('60');
  expect(asked.get('prompt')).toBe('login');
  expect(reply.status).toBe(502);
  expect(world.audit.entries.at(-1)).toMatchObject({ event: 'sign-in-failed', decision: 'refused' });
  expect(world.audit.entries.at(-1)?.detail).toContain('too much time has elapsed');
  expect(await world.me()).toMatchObject({ at: expect.stringMatching(/^20/) as unknown });
});

test('so is one that does not say when', async () => {
  const world = await setUp(undefined);
  const { reply } = await world.stepUp();
  expect(reply.status).toBe(502);
  expect(world.audit.entries.at(-1)?.detail).toContain('auth_time');
});

test('a young one is the step-up, under a new session', async () => {
  const world = await setUp(now() - 3600);
  const before = world.browser.cookieHeader(world.origin);
  world.op.claims = { ...world.op.claims, auth_time: now() };
  const { reply } = await world.stepUp();
  expect(reply).toMatchObject({ status: 303, headers: { location: '/admin' } });
  expect(world.browser.cookieHeader(world.origin)).not.toBe(before);
  expect(world.sessions.size).toBe(1);
  const { at } = (await world.me()) as { at: string };
  expect(world.clock.now() - Date.parse(at)).toBeLessThan(60_000);
});
