// The provider's sign-out page opens an address of ours in a frame: what it ends, by whom it may be framed, and that nobody
// learns or gains anything by calling it.

import { expect, test } from 'vitest';
import type { Session } from '../../src/core/session/session.ts';
import { sessionKey } from '../../src/sign-in/session-key.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { startOwnPages } from '../support/own-pages-server.ts';

const sid = '0d6f0b4e-7d2c-4f1e-9d5b-2a1f6c3b8e70';

async function setUp() {
  const op = await startBadProvider();
  const server = await startOwnPages({ provider: async () => Promise.resolve(op) });
  const at = server.clock.now();
  /** Somebody's session; returns the id that their cookie holds. */
  const open = async (sub: string, providerSession: string | null): Promise<string> => {
    const id = server.needs.randomness.id();
    const session: Session = {
      key: sessionKey(id),
      reference: `ref-${sub}`,
      subject: { issuer: op.issuer, sub, name: sub, displayName: sub },
      roles: ['nurse'],
      factor: { method: 'totp', at },
      createdAt: at,
      lastActiveAt: at,
      rolesCheckedAt: at,
      providerSession,
      sealedTokens: null,
      ehrSessions: [],
      lockedAt: null,
      activity: { last: 'sign-in', pings: 0, navigations: 0 },
      device: null,
      version: 1,
    };
    await server.sessions.create(session);
    return id;
  };
  const ask = async (query: string, headers: Record<string, string> = {}, cookie: string | null = null): Promise<Reply> => {
    const client = new CookieClient();
    if (cookie !== null) client.jar.set(new URL(server.origin).host, new Map([['wardgate', cookie]]));
    return client.ask(`${server.origin}/.wardgate/frontchannel-logout${query}`, { headers });
  };
  return { ...server, op, open, ask, iss: encodeURIComponent(op.issuer) };
}

/** All that a caller can see of an answer. */
const seen = ({ status, text, headers: { date: _date, ...headers } }: Reply): object => ({ status, text, headers });

test('the session behind the id ends without a cookie, once, and an id that nobody has is answered the same', async () => {
  const world = await setUp();
  const cookie = await world.open('ada', sid);
  await world.open('eve', 'another');
  const cut: string[] = [];
  world.sessions.onEnd(({ reference }, reason) => cut.push(`${reference} ${reason}`));
  const first = await world.ask(`?iss=${world.iss}&sid=${sid}`, { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' });
  expect(cut).toEqual(['ref-ada provider-logout']);
  expect(world.sessions.find(sessionKey(cookie))).toEqual({ found: 'no' });
  expect(first).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
  expect(first.headers['set-cookie']).toBeUndefined();
  for (const query of [`?iss=${world.iss}&sid=${sid}`, `?iss=${world.iss}&sid=nobody`, `?sid=nobody`, `?iss=${world.iss}`, ''])
    expect(seen(await world.ask(query)), query).toEqual(seen(first));
  expect(world.audit.entries).toMatchObject([
    {
      event: 'session-ended',
      reason: 'provider-logout',
      detail: 'by the front channel',
      session: 'ref-ada',
      address: '127.0.0.1',
    },
  ]);
});

test('Entra ID names the session without the issuer', async () => {
  const world = await setUp();
  await world.open('ada', sid);
  expect((await world.ask(`?sid=${sid}`)).status).toBe(200);
  expect(world.sessions.size).toBe(0);
});

test.each([
  ['of another issuer', (iss: string) => `?iss=${iss}x&sid=${sid}`],
  ['of no issuer at all', () => `?iss=&sid=${sid}`],
  ['with the issuer twice', (iss: string) => `?iss=${iss}&iss=${iss}&sid=${sid}`],
  ['twice', (iss: string) => `?iss=${iss}&sid=${sid}&sid=${sid}`],
  ['with another', (iss: string) => `?iss=${iss}&sid=other&sid=${sid}`],
  ['in other letters', (iss: string) => `?iss=${iss}&sid=${sid.toUpperCase()}`],
  ['cut short', (iss: string) => `?iss=${iss}&sid=${sid.slice(0, -1)}`],
  ['as a list', (iss: string) => `?iss=${iss}&sid[]=${sid}`],
  ['empty', (iss: string) => `?iss=${iss}&sid=`],
  ['far too long', (iss: string) => `?iss=${iss}&sid=${'a'.repeat(300)}`],
])('an id %s ends nothing, also not what the cookie names', async (_what, query) => {
  const world = await setUp();
  const cookie = await world.open('ada', sid);
  await world.open('of nobody there', null);
  const headers = { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'iframe' };
  expect((await world.ask(query(world.iss), headers, cookie)).status).toBe(200);
  expect(world.sessions.size).toBe(2);
  expect(world.audit.entries).toEqual([]);
});

test.each([
  ['a frame of the same site', { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'iframe' }, true],
  ['a frame of our own origin', { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'iframe' }, true],
  ['a frame of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' }, false],
  ['a picture', { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'image' }, false],
  ['a link', { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document' }, false],
  ['a browser that says nothing of itself', {}, false],
])('without an id, %s with our cookie', async (_what, headers, ends) => {
  const world = await setUp();
  const cookie = await world.open('ada', sid);
  await world.open('eve', sid);
  expect((await world.ask('', headers as Record<string, string>, cookie)).status).toBe(200);
  expect(world.sessions.size).toBe(ends ? 1 : 2);
});

test('only the provider may frame it, and the other pages stay as they were', async () => {
  const world = await setUp();
  const { headers } = await world.ask(`?iss=${world.iss}&sid=x`);
  expect(headers['content-security-policy']).toContain(`frame-ancestors ${new URL(world.op.issuer).origin}`);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['x-frame-options']).toBeUndefined();
  const other = await new CookieClient().ask(`${world.origin}/.wardgate/signed-out`);
  expect(other.headers['content-security-policy']).toContain("frame-ancestors 'self'");
  expect(other.headers['x-frame-options']).toBe('SAMEORIGIN');
});

test('an address that calls without end is told to wait, whatever it asks for, and is on record', async () => {
  const world = await setUp();
  await world.open('ada', sid);
  const statuses = new Set<number>();
  for (let n = 0; n < 120; n += 1) statuses.add((await world.ask(`?iss=${world.iss}&sid=guess-${n}`)).status);
  expect([...statuses]).toEqual([200]);
  const over = await world.ask(`?iss=${world.iss}&sid=${sid}`);
  expect(over.status).toBe(429);
  expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
  expect(world.sessions.size).toBe(1);
  expect(world.audit.entries).toMatchObject([{ event: 'refusal', reason: 'too-many-attempts', subject: null, status: 429 }]);
  world.clock.advance(60_000);
  expect((await world.ask(`?iss=${world.iss}&sid=${sid}`)).status).toBe(200);
  expect(world.sessions.size).toBe(0);
});

test('a log that cannot be written keeps nobody signed in, and the caller is told', async () => {
  const world = await setUp();
  await world.open('ada', sid);
  await world.open('ada again', sid);
  world.audit.failAppend = true;
  expect((await world.ask(`?iss=${world.iss}&sid=${sid}`)).status).toBe(503);
  expect(world.sessions.size).toBe(0);
});

test('other methods are refused', async () => {
  const world = await setUp();
  await world.open('ada', sid);
  for (const method of ['POST', 'HEAD']) {
    const url = `${world.origin}/.wardgate/frontchannel-logout?iss=${world.iss}&sid=${sid}`;
    expect(await new CookieClient().ask(url, { method })).toMatchObject({ status: 405, headers: { allow: 'GET' } });
  }
  expect(world.sessions.size).toBe(1);
});
