// A person asks for what was refused: sealed, on record, a few times an hour, and never for anything that was not refused.

import { expect, test } from 'vitest';
import type { AskedAccess } from '../../src/core/policy/asked-access.ts';
import type { Session } from '../../src/ports.ts';
import { openAsked, sealAsked } from '../../src/sign-in/asked-access.ts';
import { AskedLately, mostAnHour } from '../../src/sign-in/asked-lately.ts';
import { sessionKey } from '../../src/sign-in/session-key.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { startOwnPages } from '../support/own-pages-server.ts';

async function setUp() {
  const op = await startBadProvider();
  const server = await startOwnPages({ provider: async () => Promise.resolve(op) });
  const browser = new CookieClient();
  const id = server.needs.randomness.id();
  const now = server.clock.now();
  const session: Session = {
    key: sessionKey(id),
    reference: 'ref',
    subject: { issuer: op.issuer, sub: 'ada', name: 'ada', displayName: 'Ada' },
    roles: ['nurse'],
    factor: { method: 'totp', at: now },
    createdAt: now,
    lastActiveAt: now,
    rolesCheckedAt: now,
    providerSession: null,
    sealedTokens: null,
    ehrSessions: [],
    device: null,
    lockedAt: null,
    activity: { last: 'sign-in', pings: 0, navigations: 0 },
    version: 1,
  };
  await server.needs.sessions.create(session);
  browser.jar.set(new URL(server.origin).host, new Map([['wardgate', id]]));
  const refused = (more: Partial<AskedAccess> = {}, by: Session = session): string =>
    sealAsked(server.needs.sealer, by, {
      request: 'b-7',
      application: 'ehr',
      method: 'GET',
      target: '/reports/month?year=-',
      rule: 'reports',
      reason: 'role-not-permitted',
      at: server.clock.now(),
      ...more,
    });
  const ask = async (asked: string, why = '', headers: Record<string, string> = { origin: server.origin }) =>
    browser.ask(`${server.origin}/.wardgate/ask-access`, {
      method: 'POST',
      body: new URLSearchParams({ asked, why }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  return { ...server, browser, session, refused, ask };
}

test('it is recorded with the refusal it is about, and then thanked for', async () => {
  const { ask, refused, audit } = await setUp();
  const reply = await ask(refused(), `  I cover\tfor\u0000 Bea\n today ${'x'.repeat(600)}`);
  expect([reply.status, reply.text.includes('b-7'), reply.text.includes('ext. 4357')]).toEqual([200, true, true]);
  const [entry] = audit.entries;
  expect(entry).toMatchObject({
    event: 'access-asked',
    request: 'b-7',
    subject: { sub: 'ada' },
    roles: ['nurse'],
    session: 'ref',
    method: 'GET',
    target: '/reports/month?year=-',
    rule: 'reports',
    reason: 'role-not-permitted',
    decision: null,
  });
  expect(entry?.detail).toMatch(/^I cover for Bea today x+$/);
  expect(entry?.detail?.length).toBeLessThanOrEqual(500);
});

test('a sentence is not needed, and asking twice for the same is one record', async () => {
  const { ask, refused, audit } = await setUp();
  expect([(await ask(refused())).status, (await ask(refused())).status]).toEqual([200, 200]);
  expect(audit.entries.map(({ detail }) => detail)).toEqual([null]);
});

test('nobody asks for what they were not refused here, lately, in this session', async () => {
  const { ask, refused, session, audit } = await setUp();
  const others = [
    '',
    'v1.x.y.z.w',
    'x'.repeat(5000),
    `${refused()}A`,
    refused({ at: Date.now() - 3_700_000 }),
    refused({ at: Date.now() + 3_700_000 }),
    refused({ application: 'pacs' }),
    refused({}, { ...session, reference: 'another' }),
    refused({}, { ...session, subject: { ...session.subject, sub: 'bea' } }),
  ];
  for (const one of others) expect((await ask(one)).text).toContain('too old to ask from');
  expect(audit.entries).toEqual([]);
});

test('another site cannot ask, nor can somebody without a session, nor a link', async () => {
  const { ask, refused, audit, browser, origin } = await setUp();
  expect((await ask(refused(), '', { origin: 'https://evil.example' })).status).toBe(403);
  expect((await browser.ask(`${origin}/.wardgate/ask-access`)).status).toBe(405);
  const sealed = refused();
  browser.jar.clear();
  const stranger = await ask(sealed);
  expect([stranger.status, stranger.headers['location']]).toEqual([303, expect.stringContaining('/.wardgate/sign-in')]);
  expect(audit.entries).toEqual([]);
});

test('no record, no thanks, and it may be asked once more', async () => {
  const { ask, refused, audit } = await setUp();
  audit.failAppend = true;
  expect((await ask(refused())).status).toBe(503);
  audit.failAppend = false;
  expect((await ask(refused())).status).toBe(200);
  expect(audit.events()).toEqual(['access-asked']);
});

test('ten times an hour, each person for themselves', async () => {
  const { ask, refused, audit, clock } = await setUp();
  for (let time = 0; time < mostAnHour; time += 1) expect((await ask(refused({ request: `b-${time}` }))).status).toBe(200);
  expect((await ask(refused({ request: 'b-more' }))).status).toBe(429);
  expect(audit.entries.length).toBe(mostAnHour);
  const lately = new AskedLately();
  const now = clock.now();
  for (let time = 0; time <= mostAnHour; time += 1) lately.take('ada', `b-${time}`, now);
  expect([lately.take('ada', 'b-x', now), lately.take('bea', 'b-x', now), lately.take('ada', 'b-x', now + 3_600_001)]).toEqual([
    'too-often',
    'yes',
    'yes',
  ]);
});

test('what is sealed opens with all it held', async () => {
  const { needs, session, refused, clock } = await setUp();
  expect(openAsked(needs.sealer, session, refused(), clock.now())).toMatchObject({ request: 'b-7', rule: 'reports' });
});
