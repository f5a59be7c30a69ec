// The provider says that somebody has signed out there: what is believed, what is not, and what it ends.

import { generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/core/session/session.ts';
import { personKey } from '../../src/sign-in/person-key.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import type { Mutation } from '../support/bad-provider.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { startOwnPages, totp } from '../support/own-pages-server.ts';

const minute = 60_000;
const eventName = 'http://schemas.openid.net/event/backchannel-logout';
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const now = () => Math.floor(Date.now() / 1000);
type Claims = Record<string, unknown>;

async function setUp(mutation: Mutation = {}) {
  const op = await startBadProvider(mutation);
  const server = await startOwnPages({ provider: async () => Promise.resolve(op) });
  let made = 0;
  const open = async (sub: string, providerSession: string | null): Promise<string> => {
    made += 1;
    const at = server.clock.now();
    const session: Session = {
      key: `key-${made}`,
      reference: `ref-${made}`,
      subject: { issuer: op.issuer, sub, name: sub, displayName: sub },
      roles: ['nurse'],
      factor: { method: 'totp', at },
      createdAt: at,
      lastActiveAt: at,
      rolesCheckedAt: at,
      providerSession,
      sealedTokens: null,
      ehrSessions: [],
      device: null,
      lockedAt: null,
      activity: { last: 'sign-in', pings: 0, navigations: 0 },
      version: 1,
    };
    await server.sessions.create(session);
    return session.key;
  };
  const post = async (body: string, headers: Record<string, string> = {}): Promise<Reply> =>
    new CookieClient().ask(`${server.origin}/.wardgate/backchannel-logout`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  const send = async (token: string): Promise<Reply> => post(new URLSearchParams({ logout_token: token }).toString());
  const living = (): string[] =>
    [1, 2, 3, 4, 5, 6].map((n) => `key-${n}`).filter((key) => server.sessions.all().some((one) => one.key === key));
  return { ...server, op, open, post, send, living };
}

type World = Awaited<ReturnType<typeof setUp>>;

/** Refused in the protocol's words, nothing ended, on record without anybody's name. */
function expectRefused(world: World, reply: Reply, why: string | RegExp): void {
  expect(reply.status).toBe(400);
  expect(reply.headers['content-type']).toContain('application/json');
  expect(reply.headers['cache-control']).toBe('no-store');
  const told = JSON.parse(reply.text) as Claims;
  expect(told).toMatchObject({ error: 'invalid_request', error_description: expect.any(String) as unknown });
  expect(told['error_description']).toMatch(why);
  expect(world.living()).toEqual(['key-1']);
  expect(world.audit.entries.at(-1)).toMatchObject({
    event: 'refusal',
    decision: 'refused',
    reason: 'logout-token-refused',
    status: 400,
    subject: null,
  });
}

describe('a believed token', () => {
  test('with a sid ends the sessions of that one alone, and says nothing of them', async () => {
    const world = await setUp();
    const ended: string[] = [];
    world.sessions.onEnd(({ key }, reason) => ended.push(`${key} ${reason}`));
    await world.open('ada', 'sid-a');
    await world.open('ada', 'sid-b');
    await world.open('eve', 'sid-b');
    const reply = await world.send(await world.op.logoutToken((c) => ({ ...c, sid: 'sid-a' })));
    expect(reply).toMatchObject({ status: 200, text: '', headers: { 'cache-control': 'no-store' } });
    expect(reply.headers['set-cookie']).toBeUndefined();
    expect(world.living()).toEqual(['key-2', 'key-3']);
    expect(ended).toEqual(['key-1 provider-logout']);
    expect(world.audit.entries).toMatchObject([
      { event: 'session-ended', reason: 'provider-logout', session: 'ref-1', subject: { sub: 'ada' }, address: '127.0.0.1' },
    ]);
  });

  test('with a sid and nobody named ends everybody of it', async () => {
    const world = await setUp();
    await world.open('ada', 'sid-a');
    await world.open('eve', 'sid-a');
    expect((await world.send(await world.op.logoutToken(({ sub: _sub, ...c }) => ({ ...c, sid: 'sid-a' })))).status).toBe(200);
    expect(world.living()).toEqual([]);
  });

  test('with a sid and a person also ends what the person opened before the provider said which session it was', async () => {
    const world = await setUp();
    await world.open('ada', null);
    await world.open('ada', 'sid-b');
    await world.open('eve', null);
    expect((await world.send(await world.op.logoutToken((c) => ({ ...c, sid: 'sid-a' })))).status).toBe(200);
    expect(world.living()).toEqual(['key-2', 'key-3']);
  });

  test('of a person alone ends all their sessions, and they stay ended after a restart', async () => {
    const world = await setUp();
    await world.open('ada', 'sid-a');
    await world.open('ada', null);
    await world.open('eve', 'sid-a');
    expect((await world.send(await world.op.logoutToken())).status).toBe(200);
    expect(world.living()).toEqual(['key-3']);
    expect(world.audit.events()).toEqual(['session-ended', 'session-ended']);
    const [stored] = await world.db.run('sessions', [{ sql: 'SELECT key FROM sessions', params: [] }]);
    expect(stored?.rows).toEqual([{ key: 'key-3' }]);
  });

  test.each<[string, (claims: Claims) => Claims, string | undefined]>([
    ['no type', (c) => c, undefined],
    ['type JWT', (c) => c, 'JWT'],
    ['type in capitals', (c) => c, 'Logout+JWT'],
    ['no exp, as older providers send it', ({ exp: _exp, ...c }) => c, 'logout+jwt'],
    ['its audience in a list', (c) => ({ ...c, aud: ['wardgate'] }), 'logout+jwt'],
    ['two minutes and some skew old', (c) => ({ ...c, iat: now() - 170 }), 'logout+jwt'],
    ['a clock that is a little ahead', (c) => ({ ...c, iat: now() + 50 }), 'logout+jwt'],
    ['further claims', (c) => ({ ...c, trace: 'x' }), 'logout+jwt'],
  ])('may have %s', async (_case, change, typ) => {
    const world = await setUp();
    await world.open('ada', null);
    const token = await world.op.logoutToken(change, ({ typ: _typ, ...h }) => (typ === undefined ? h : { ...h, typ }));
    expect((await world.send(token)).status).toBe(200);
    expect(world.living()).toEqual([]);
  });

  test.each(['PS256', 'ES256', 'EdDSA'] as const)('may be signed with %s', async (algorithm) => {
    const world = await setUp({ algorithm });
    await world.open('ada', null);
    expect((await world.send(await world.op.logoutToken())).status).toBe(200);
    expect(world.living()).toEqual([]);
  });

  test('of somebody who has no session here is no mistake, and other fields are left alone', async () => {
    const world = await setUp();
    await world.open('ada', null);
    const token = await world.op.logoutToken((c) => ({ ...c, sub: 'nobody' }));
    expect(
      (await world.post(`other=1&logout_token=${token}`, { 'sec-fetch-site': 'cross-site', origin: 'https://op.example' }))
        .status,
    ).toBe(200);
    expect(world.living()).toEqual(['key-1']);
  });
});

const refusedClaims: Record<string, [(claims: Claims) => Claims, RegExp]> = {
  'OI-050: a nonce': [(c) => ({ ...c, nonce: 'n' }), /nonce/],
  'a nonce of null': [(c) => ({ ...c, nonce: null }), /nonce/],
  'another issuer': [(c) => ({ ...c, iss: 'https://evil.example' }), /iss/],
  'an issuer with a slash more': [(c) => ({ ...c, iss: `${String(c['iss'])}/` }), /iss/],
  'another audience': [(c) => ({ ...c, aud: 'another' }), /aud/],
  'an audience too many': [(c) => ({ ...c, aud: ['wardgate', 'another'] }), /others/],
  'no audience': [({ aud: _aud, ...c }) => c, /aud/],
  'no iat': [({ iat: _iat, ...c }) => c, /iat/],
  'an iat that is no number': [(c) => ({ ...c, iat: 'now' }), /iat/],
  'an old iat': [(c) => ({ ...c, iat: now() - 200 }), /iat/],
  'an iat of the future': [(c) => ({ ...c, iat: now() + 90 }), /iat/],
  'an exp that is over': [(c) => ({ ...c, exp: now() - 90 }), /exp/],
  'no jti': [({ jti: _jti, ...c }) => c, /jti/],
  'an empty jti': [(c) => ({ ...c, jti: '' }), /jti/],
  'a jti of another kind': [(c) => ({ ...c, jti: { x: 1 } }), /jti/],
  'a jti without end': [(c) => ({ ...c, jti: 'x'.repeat(256) }), /jti/],
  'no events': [({ events: _events, ...c }) => c, /events/],
  'another event': [(c) => ({ ...c, events: { 'https://example/other': {} } }), /events/],
  'the event as a text': [(c) => ({ ...c, events: eventName }), /events/],
  'the event as a list': [(c) => ({ ...c, events: [eventName] }), /events/],
  'the event without its object': [(c) => ({ ...c, events: { [eventName]: true } }), /events/],
  'the event with a list for its object': [(c) => ({ ...c, events: { [eventName]: [] } }), /events/],
  'the event of null': [(c) => ({ ...c, events: { [eventName]: null } }), /events/],
  'the event by inheritance': [(c) => ({ ...c, events: JSON.parse(`{"__proto__":{"${eventName}":{}}}`) as unknown }), /events/],
  'neither person nor session': [({ sub: _sub, ...c }) => c, /neither/],
  'a person of another kind': [(c) => ({ ...c, sub: ['ada'] }), /sub/],
  'a person with a line break': [(c) => ({ ...c, sub: 'ada\nroot' }), /sub/],
  'a session of another kind': [(c) => ({ ...c, sid: 7 }), /sid/],
  'an empty session': [(c) => ({ ...c, sid: '' }), /sid/],
};

describe('a token with', () => {
  test.each(Object.entries(refusedClaims))('%s ends nothing', async (_case, [change, why]) => {
    const world = await setUp();
    await world.open('ada', 'sid-a');
    expectRefused(world, await world.send(await world.op.logoutToken(change)), why);
  });

  test.each(['at+jwt', 'id_token', 'application/jwt', ''])('the type %j ends nothing', async (typ) => {
    const world = await setUp();
    await world.open('ada', null);
    expectRefused(world, await world.send(await world.op.logoutToken(undefined, (h) => ({ ...h, typ }))), /type/);
  });

  test('a header that must be understood and is not ends nothing', async () => {
    const world = await setUp();
    await world.open('ada', null);
    expectRefused(
      world,
      await world.send(await world.op.logoutToken(undefined, (h) => ({ ...h, crit: ['urn:test'], 'urn:test': 1 }))),
      /recognized/,
    );
  });
});

describe('a forged token (OI-050)', () => {
  const parts = (token: string): [string, string, string] => {
    const [header = '', payload = '', signature = ''] = token.split('.');
    return [header, payload, signature];
  };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  test.each<[string, (token: string) => string | Promise<string>, RegExp]>([
    [
      'signature spoilt',
      (t) => `${parts(t)[0]}.${parts(t)[1]}.${parts(t)[2].startsWith('A') ? 'B' : 'A'}${parts(t)[2].slice(1)}`,
      /signature/,
    ],
    ['signature gone', (t) => `${parts(t)[0]}.${parts(t)[1]}.`, /signature/],
    ['alg none', (t) => `${encode({ alg: 'none', typ: 'logout+jwt' })}.${parts(t)[1]}.`, /alg/i],
    ['another payload', (t) => `${parts(t)[0]}.${encode({ iss: 'x' })}.${parts(t)[2]}`, /signature/],
    [
      'HS256 with the client secret',
      async (t) =>
        new SignJWT(JSON.parse(Buffer.from(parts(t)[1], 'base64url').toString()) as Claims)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(Buffer.from('a secret/with+special:characters%')),
      /alg/i,
    ],
    [
      'a key of its own',
      async (t) => {
        const { privateKey } = await generateKeyPair('RS256');
        return new SignJWT(JSON.parse(Buffer.from(parts(t)[1], 'base64url').toString()) as Claims)
          .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
          .sign(privateKey);
      },
      /signature/,
    ],
    ['no token at all', () => 'nonsense', /Invalid|token/],
    ['an encrypted one', () => 'a.b.c.d.e', /Invalid|token/],
    ['too large', (t) => `${t}${'A'.repeat(13_000)}`, /signature|larger/],
    ['empty', () => '', /Invalid|token/],
  ])('%s ends nothing', async (_case, spoil, why) => {
    const world = await setUp();
    await world.open('ada', null);
    expectRefused(world, await world.send(await spoil(await world.op.logoutToken())), why);
  });

  test('that brings its own key is not asked for it', async () => {
    const world = await setUp();
    await world.open('ada', null);
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = await crypto.subtle.exportKey('jwk', publicKey);
    const payload = JSON.parse(Buffer.from(parts(await world.op.logoutToken())[1], 'base64url').toString()) as Claims;
    const token = await new SignJWT(payload)
      .setProtectedHeader({ alg: 'RS256', jwk, jku: `${world.op.issuer}/mine` })
      .sign(privateKey);
    expectRefused(world, await world.send(token), /signature/);
    expect(world.op.asked).not.toContain('/mine');
  });

  test('is refused in HTML and JSON of no browser’s, and never echoed as markup', async () => {
    const world = await setUp();
    await world.open('ada', null);
    const reply = await world.send(
      await world.op.logoutToken(undefined, (h) => ({ ...h, typ: '<script>alert(1)</script>\u001b[31m\u202e' })),
    );
    expectRefused(world, reply, /type/);
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
    expect(reply.text).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});

describe('a request', () => {
  test.each<[string, (token: string) => string, Record<string, string>]>([
    ['without a body', () => '', {}],
    ['with the token twice', (t) => `logout_token=${t}&logout_token=${t}`, {}],
    ['with the token in a list', (t) => `logout_token[]=${t}`, {}],
    ['in JSON', (t) => JSON.stringify({ logout_token: t }), { 'content-type': 'application/json' }],
    ['as text', (t) => `logout_token=${t}`, { 'content-type': 'text/plain' }],
    ['in a coding that nobody knows', (t) => `logout_token=${t}`, { 'content-encoding': 'x-none' }],
    [
      'in a character set that nobody knows',
      (t) => `logout_token=${t}`,
      { 'content-type': 'application/x-www-form-urlencoded; charset=utf-7' },
    ],
    ['over sixteen kilobytes', (t) => `logout_token=${t}&x=${'y'.repeat(16_384)}`, {}],
    ['with too many fields', (t) => `${'a=1&'.repeat(30)}logout_token=${t}`, {}],
  ])('%s ends nothing', async (_case, body, headers) => {
    const world = await setUp();
    await world.open('ada', null);
    expectRefused(world, await world.post(body(await world.op.logoutToken()), headers), /./);
  });

  test('with the token in its address ends nothing', async () => {
    const world = await setUp();
    await world.open('ada', null);
    const reply = await new CookieClient().ask(
      `${world.origin}/.wardgate/backchannel-logout?logout_token=${await world.op.logoutToken()}`,
      { method: 'POST' },
    );
    expectRefused(world, reply, /once/);
  });

  test('by another method is refused', async () => {
    const world = await setUp();
    const reply = await new CookieClient().ask(`${world.origin}/.wardgate/backchannel-logout`);
    expect(reply).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });
});

describe('once (OI-049)', () => {
  test('the same token again is refused, also after a restart and a clock that was set back', async () => {
    const world = await setUp();
    await world.open('ada', null);
    const token = await world.op.logoutToken();
    expect((await world.send(token)).status).toBe(200);
    await world.open('ada', null);
    const again = await world.send(token);
    expect(again.status).toBe(400);
    expect(again.text).toContain('used before');
    expect(world.living()).toEqual(['key-2']);
    // Another token of the day clears old ones away, and never this one within the day.
    world.clock.advance(60 * minute);
    expect(
      (await world.send(await world.op.logoutToken((c) => ({ ...c, sub: 'eve', iat: now() + 3600, exp: now() + 3700 })))).status,
    ).toBe(200);
    world.clock.advance(-60 * minute);
    expect((await world.send(token)).status).toBe(400);
    expect(world.living()).toEqual(['key-2']);
  });

  test('sent by many at the same moment it counts for one', async () => {
    const world = await setUp();
    await world.open('ada', null);
    const token = await world.op.logoutToken();
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await world.send(token)).status));
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, ...Array.from({ length: 19 }, () => 400)]);
    expect(world.audit.events().filter((event) => event === 'session-ended')).toHaveLength(1);
  });
});

describe('what stands in the way', () => {
  test('a log that cannot be written: 503, nothing is used up, and the same token works afterwards', async () => {
    const world = await setUp();
    await world.open('ada', null);
    const token = await world.op.logoutToken();
    world.audit.available = false;
    const reply = await world.send(token);
    expect(reply).toMatchObject({ status: 503, headers: { 'cache-control': 'no-store', 'retry-after': '5' } });
    expect(world.living()).toEqual(['key-1']);
    world.audit.available = true;
    expect((await world.send(token)).status).toBe(200);
    expect(world.living()).toEqual([]);
  });

  test('a log that fails while the end is recorded: 503, ended all the same, and the provider may send it again', async () => {
    const world = await setUp();
    await world.open('ada', null);
    const token = await world.op.logoutToken();
    world.audit.failAppend = true;
    expect((await world.send(token)).status).toBe(503);
    expect(world.living()).toEqual([]);
    world.audit.failAppend = false;
    expect((await world.send(token)).status).toBe(200);
  });

  test('a store that is gone: 503', async () => {
    const world = await setUp();
    await world.open('ada', null);
    const token = await world.op.logoutToken();
    await world.db.close();
    expect((await world.send(token)).status).toBe(503);
  });

  test('a provider whose keys cannot be had: 503, and strangers cannot make the gateway ask for each token', async () => {
    const world = await setUp({ raw: { '/jwks': (_request, response) => response.writeHead(500).end() } });
    await world.open('ada', null);
    const token = await world.op.logoutToken();
    for (let n = 0; n < 5; n += 1) expect((await world.send(token)).status).toBe(503);
    expect(world.op.asked.filter((path) => path === '/jwks')).toHaveLength(1);
    world.op.mutation.raw = {};
    world.clock.advance(2000);
    expect((await world.send(token)).status).toBe(200);
    expect(world.living()).toEqual([]);
  });

  test('a key set that is none: 502, nothing ended', async () => {
    const world = await setUp({
      raw: { '/jwks': (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":7}') },
    });
    await world.open('ada', null);
    expect((await world.send(await world.op.logoutToken())).status).toBe(502);
    expect(world.living()).toEqual(['key-1']);
  });

  test('unknown keys make it ask again once a minute; a new key is believed then', async () => {
    const world = await setUp();
    await world.open('ada', null);
    const foreign = async () =>
      world.send(await world.op.logoutToken(undefined, (h) => ({ ...h, kid: `made-up-${Math.random()}` })));
    for (let n = 0; n < 10; n += 1) expect((await foreign()).status).toBe(400);
    expect(world.op.asked.filter((path) => path === '/jwks')).toHaveLength(1);
    world.clock.advance(minute);
    for (let n = 0; n < 10; n += 1) expect((await foreign()).status).toBe(400);
    expect(world.op.asked.filter((path) => path === '/jwks')).toHaveLength(2);
    world.op.mutation.jwks = (keys) => keys.map((key) => ({ ...key, kid: 'k2' }));
    world.clock.advance(minute);
    const fresh = (c: Claims): Claims => ({ ...c, iat: now() + 120, exp: now() + 300 });
    expect((await world.send(await world.op.logoutToken(fresh, (h) => ({ ...h, kid: 'k2' })))).status).toBe(200);
    expect(world.op.asked.filter((path) => path === '/jwks')).toHaveLength(3);
    expect(world.living()).toEqual([]);
  });

  test('strangers who send a flood are told no and recorded within their budget', async () => {
    const world = await setUp();
    Object.assign(world.needs, { mayRecordAnonymous: () => false });
    expect((await world.post('logout_token=x')).status).toBe(400);
    expect(world.audit.entries).toEqual([]);
  });
});

describe('a sign-in that is on its way', () => {
  async function atTheCode(world: World): Promise<(code: string) => Promise<Reply>> {
    const person = { issuer: world.op.issuer, sub: 'ada' };
    await world.needs.factors.enrolTotp(
      person.issuer,
      'ada',
      world.needs.sealer.seal('totp', personKey(person), secret),
      -1,
      1,
      [],
    );
    const browser = new CookieClient();
    const page = await browser.page(`${world.origin}/.wardgate/sign-in?return=/chart`);
    return async (code) => browser.form(page.url, { code });
  }

  test.each([
    ['of the person', (c: Claims) => c, false],
    ['of the same session there', (c: Claims) => ({ ...c, sid: 'sid-a' }), false],
    ['of another session there', (c: Claims) => ({ ...c, sid: 'sid-b' }), true],
    ['of somebody else', (c: Claims) => ({ ...c, sub: 'eve' }), true],
  ])('while a logout %s comes', async (_case, change, completes) => {
    const world = await setUp();
    world.op.claims = { ...world.op.claims, sid: 'sid-a' };
    const send = await atTheCode(world);
    expect((await world.send(await world.op.logoutToken(change))).status).toBe(200);
    const reply = await send(totp(secret, world.clock.now()));
    expect(world.sessions.size).toBe(completes ? 1 : 0);
    if (completes) expect(reply.text).toBe('EHR /chart');
    else {
      expect(reply).toMatchObject({ status: 403 });
      expect(reply.text).toContain('has signed you out');
      expect(reply.headers['set-cookie']?.join() ?? '').not.toMatch(/wardgate=[\w-]{43}/);
      expect(world.audit.entries.at(-1)).toMatchObject({ event: 'session-ended', reason: 'provider-logout' });
    }
  });
});
