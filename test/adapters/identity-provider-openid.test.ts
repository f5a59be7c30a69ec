// The provider's side of the sign-in as an adapter: down at the start, keys that change, refreshes, clients with a key.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { generateKeyPair, exportJWK, SignJWT } from 'jose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { OpenIdProvider } from '../../src/adapters/identity-provider-openid.ts';
import type { SignInSettings } from '../../src/config/settings.ts';
import type { SignInTransaction } from '../../src/identity-ports.ts';
import type { Subject } from '../../src/ports.ts';
import { startDemoProvider } from '../../src/demo/provider/start-demo-provider.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import type { Mutation } from '../support/bad-provider.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const origin = 'https://ehr.example';
const ada: Subject = { issuer: '', sub: 'ada', name: 'ada', displayName: 'Ada' };

function adapter(issuer: string, over: Partial<SignInSettings> = {}) {
  const clock = new FakeClock();
  const log = new FakeLog();
  const settings: SignInSettings = {
    provider: 'generic',
    issuer,
    clientId: 'wardgate',
    clientSecret: 'secret',
    clientKeyFile: null,
    trustFile: null,
    rolesClaim: 'groups',
    nameClaim: 'preferred_username',
    scopes: ['profile'],
    recheckEverySeconds: 900,
    recheckGraceSeconds: 3600,
    takeOver: 'never',
    ...over,
  };
  const provider = new OpenIdProvider({ settings, applications: new Map([['ehr', { origin }]]), clock, log });
  onTestFinished(() => {
    provider.close();
  });
  return { provider, clock, log };
}

/** Through the provider, as a browser would go; the query that comes back. */
async function authorise(provider: OpenIdProvider, hint: string | null = null) {
  const started = await provider.start('ehr', { loginHint: hint, silent: false });
  const browser = new CookieClient();
  let next = started.url;
  while (!next.startsWith(origin)) next = new URL((await browser.ask(next)).headers.location ?? '', next).href;
  const transaction: SignInTransaction = {
    ...started,
    application: 'ehr',
    returnTo: '/',
    browser: '',
    silent: false,
    sessionKey: null,
    expiresAt: 0,
  };
  return { query: new URL(next).search.slice(1), transaction };
}

async function finish(provider: OpenIdProvider) {
  const { query, transaction } = await authorise(provider);
  return provider.finish('ehr', query, transaction);
}

test('the gateway starts while the provider is down, and finds it when somebody wants to sign in', async () => {
  const mutation: Mutation = { raw: { '/.well-known/openid-configuration': (request) => request.socket.destroy() } };
  const op = await startBadProvider(mutation);
  const { provider, clock, log } = adapter(op.issuer);
  await vi.waitUntil(() => log.said.some((line) => line.message.includes('was not found')));
  expect(provider.ready).toBe(false);
  await expect(provider.start('ehr', { loginHint: null, silent: false })).rejects.toMatchObject({
    code: 'identity-provider-unavailable',
  });
  expect(await provider.endSessionUrl('ehr', null, '/x')).toBeNull();
  const asked = op.asked.length;
  op.mutation = {};
  // Within two seconds of a failure nobody is made to wait for another.
  await expect(provider.start('ehr', { loginHint: null, silent: false })).rejects.toMatchObject({
    code: 'identity-provider-unavailable',
  });
  expect(op.asked).toHaveLength(asked);
  clock.advance(2000);
  const started = await provider.start('ehr', { loginHint: 'ada@clinic', silent: false });
  expect(new URL(started.url).searchParams.get('login_hint')).toBe('ada@clinic');
  expect(provider.ready).toBe(true);
});

test('it finds the provider by itself as well', async () => {
  const op = await startBadProvider({
    raw: { '/.well-known/openid-configuration': (_request, response) => response.writeHead(502).end() },
  });
  const { provider, clock, log } = adapter(op.issuer);
  await vi.waitUntil(() => log.said.length > 0);
  op.mutation = {};
  clock.advance(60_000);
  await vi.waitUntil(() => provider.ready, { timeout: 8000 });
});

test('the redirect address comes from the configuration', async () => {
  const op = await startBadProvider();
  const { provider } = adapter(op.issuer);
  const { url } = await provider.start('ehr', { loginHint: null, silent: true });
  const asked = new URL(url).searchParams;
  expect(asked.get('redirect_uri')).toBe('https://ehr.example/.wardgate/callback');
  expect(asked.get('prompt')).toBe('none');
  expect(asked.get('scope')).toBe('openid profile');
  expect((asked.get('state') ?? '').length).toBeGreaterThanOrEqual(43);
  await expect(provider.start('unknown', { loginHint: null, silent: false })).rejects.toThrow(
    'There is no application "unknown"',
  );
});

test.each([
  ['nothing', {}, null, null],
  ['levels', { levels: ['2', 'gold'] }, '2 gold', null],
  ['a context', { contexts: ['c1'] }, null, { id_token: { acrs: { essential: true, value: 'c1' } } }],
  ['contexts', { levels: [], contexts: ['c1', 'c2'] }, null, { id_token: { acrs: { essential: true, values: ['c1', 'c2'] } } }],
])('the provider is asked for %s', async (_what, asked, levels, claims) => {
  const op = await startBadProvider();
  const { provider } = adapter(op.issuer);
  const { url } = await provider.start('ehr', { loginHint: null, silent: false, ...asked });
  const parameters = new URL(url).searchParams;
  expect(parameters.get('acr_values')).toBe(levels);
  expect(JSON.parse(parameters.get('claims') ?? 'null')).toEqual(claims);
});

test('a finished sign-in tells who it is', async () => {
  const op = await startBadProvider({ claims: (c) => ({ ...c, name: 'Ada Lovelace', sid: 's1', auth_time: 1_700_000_000 }) });
  const { provider } = adapter(op.issuer);
  const finished = await finish(provider);
  expect(finished).toMatchObject({
    ok: true,
    identity: {
      subject: { issuer: op.issuer, sub: 'ada', name: 'ada', displayName: 'Ada Lovelace' },
      providerSession: 's1',
      authenticatedAt: 1_700_000_000_000,
      tokens: { refreshToken: 'rt' },
    },
  });
  const out = new URL((await provider.endSessionUrl('ehr', 'hint', '/.wardgate/signed-out')) ?? '');
  expect(out.searchParams.get('id_token_hint')).toBe('hint');
  expect(out.searchParams.get('post_logout_redirect_uri')).toBe('https://ehr.example/.wardgate/signed-out');
});

test('a provider without an end-session endpoint has none to send to', async () => {
  const op = await startBadProvider({ discovery: (d) => ({ ...d, end_session_endpoint: undefined }) });
  const { provider } = adapter(op.issuer);
  await vi.waitUntil(() => provider.ready);
  expect(await provider.endSessionUrl('ehr', null, '/x')).toBeNull();
});

test('an unknown key id is looked up once a minute, not once a token', async () => {
  const other = await generateKeyPair('RS256', { extractable: true });
  const rotated: Mutation = {
    idToken: async (token) => {
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k2' }).sign(other.privateKey);
    },
  };
  const op = await startBadProvider();
  const { provider } = adapter(op.issuer);
  expect(await finish(provider)).toMatchObject({ ok: true });
  op.mutation = rotated;
  const fetched = () => op.asked.filter((path) => path === '/jwks').length;
  for (let n = 0; n < 5; n += 1) await expect(finish(provider)).rejects.toMatchObject({ code: 'identity-provider-misbehaved' });
  expect(fetched()).toBe(1);
  const jwk = { ...(await exportJWK(other.publicKey)), kid: 'k2', use: 'sig', alg: 'RS256' };
  op.mutation = { ...rotated, jwks: (keys) => [...keys, jwk] };
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  expect(await finish(provider)).toMatchObject({ ok: true });
  expect(fetched()).toBe(2);
});

test.each([
  ['invalid_grant', 400, { refreshed: 'refused' }],
  ['invalid_client', 401, { refreshed: 'refused' }],
  ['temporarily_unavailable', 503, { refreshed: 'unavailable' }],
  ['server_error', 500, { refreshed: 'unavailable' }],
  ['slow_down', 400, { refreshed: 'unavailable' }],
])('a refresh answered with %s and %i', async (error, status, expected) => {
  const op = await startBadProvider();
  const { provider } = adapter(op.issuer);
  op.mutation = {
    raw: {
      '/token': (_request, response) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error })),
    },
  };
  expect(await provider.refresh({ ...ada, issuer: op.issuer }, 'rt')).toMatchObject(expected);
});

test('a refresh reads the claims again, of the same person only', async () => {
  const op = await startBadProvider();
  const { provider } = adapter(op.issuer);
  const subject = { ...ada, issuer: op.issuer };
  op.claims = { groups: ['Clinic-Physicians'] };
  expect(await provider.refresh(subject, 'rt')).toMatchObject({
    refreshed: 'yes',
    identity: { claims: { groups: ['Clinic-Physicians'] } },
  });
  op.mutation = { token: ({ id_token: _gone, refresh_token: _rotated, ...rest }) => rest };
  expect(await provider.refresh(subject, 'rt-1')).toMatchObject({
    refreshed: 'yes',
    identity: { subject, claims: { groups: ['Clinic-Physicians'] }, tokens: { refreshToken: 'rt-1', idToken: '' } },
  });
  op.mutation = { claims: (c) => ({ ...c, sub: 'eve' }) };
  expect(await provider.refresh(subject, 'rt')).toMatchObject({ refreshed: 'refused' });
});

test('after a refresh without an answer the next one does not wait', async () => {
  const op = await startBadProvider();
  const { provider, clock } = adapter(op.issuer);
  await vi.waitUntil(() => provider.ready);
  op.mutation = { raw: { '/token': (request) => request.socket.destroy() } };
  const subject = { ...ada, issuer: op.issuer };
  expect(await provider.refresh(subject, 'rt')).toMatchObject({ refreshed: 'unavailable' });
  const asked = op.asked.length;
  expect(await provider.refresh(subject, 'rt')).toMatchObject({ refreshed: 'unavailable' });
  expect(op.asked).toHaveLength(asked);
  clock.advance(2000);
  op.mutation = {};
  expect(await provider.refresh(subject, 'rt')).toMatchObject({ refreshed: 'yes' });
});

test.each(['rsa', 'ec', 'ed25519'])('private_key_jwt with a key of type %s', async (type) => {
  const pair =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : type === 'ec'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
  const file = `${temporaryDirectory()}/client.pem`;
  writeFileSync(file, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const asked: URLSearchParams[] = [];
  const op = await startBadProvider({
    raw: {
      '/token': (request, response) => {
        request.on('data', (chunk: Buffer) => asked.push(new URLSearchParams(chunk.toString())));
        request.on('end', () => response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}'));
      },
    },
  });
  const { provider } = adapter(op.issuer, { clientSecret: null, clientKeyFile: file });
  expect(await finish(provider)).toMatchObject({ ok: false, error: 'invalid_grant' });
  expect(asked[0]?.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  expect(asked[0]?.get('client_assertion')?.split('.')).toHaveLength(3);
});

test('private_key_jwt against a real provider that knows the public key', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const file = `${temporaryDirectory()}/client.pem`;
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const personas = [{ name: 'ada', displayName: 'Ada', groups: ['Clinic-Nurses'], roles: [], mayDo: '', totpSecret: null }];
  const client = {
    clientId: 'wardgate',
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' }] },
    redirectUris: [`${origin}/.wardgate/callback`],
    postLogoutRedirectUris: [],
  };
  const demo = await startDemoProvider({ clients: [client], personas });
  onTestFinished(async () => demo.close());
  const { provider } = adapter(demo.issuer, { clientSecret: null, clientKeyFile: file });
  const { query, transaction } = await authorise(provider, 'ada');
  expect(await provider.finish('ehr', query, transaction)).toMatchObject({ ok: true, identity: { subject: { sub: 'ada' } } });
});

test.each([
  ['http://op.example', 'is not https; http is accepted on loopback only'],
  ['ftp://127.0.0.1', 'is not https'],
])('the issuer %s refuses to start', (issuer, message) => {
  expect(() => adapter(issuer)).toThrow(message);
});

test('a trust file that does not exist refuses to start', () => {
  expect(() => adapter('https://op.example', { trustFile: '/nowhere/ca.pem' })).toThrow('/nowhere/ca.pem');
});

test('a provider that never answers is given up after five seconds', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { provider } = adapter(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await expect(provider.start('ehr', { loginHint: null, silent: false })).rejects.toMatchObject({
    code: 'identity-provider-unavailable',
  });
});
