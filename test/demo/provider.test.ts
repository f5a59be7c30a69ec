// The demo's identity provider, used as a relying party uses it: by its protocol and with a cookie jar.

import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { generate } from 'otplib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPersonas } from '../../src/demo/personas.ts';
import { startDemoProvider } from '../../src/demo/provider/start-demo-provider.ts';
import type { DemoProvider } from '../../src/demo/provider/start-demo-provider.ts';
import { CookieClient } from './cookie-client.ts';

const callback = 'http://localhost:4999/.wardgate/callback';
const goodbye = 'http://localhost:4999/.wardgate/signed-out';
const secret = 'a secret of the demo only, long enough';
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const personas = createPersonas();
const printed = vi.fn<(text: unknown) => void>();
let provider: DemoProvider;

beforeAll(async () => {
  vi.spyOn(console, 'info').mockImplementation(printed);
  vi.spyOn(console, 'warn').mockImplementation(printed);
  const uris = { redirectUris: [callback], postLogoutRedirectUris: [goodbye] };
  const publicKey = { ...keys.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'demo' };
  provider = await startDemoProvider({
    personas,
    clients: [
      { clientId: 'by-secret', clientSecret: secret, ...uris },
      { clientId: 'by-key', jwks: { keys: [publicKey] }, ...uris },
    ],
  });
});

afterAll(() => provider.close());
afterEach(() => expect(printed).not.toHaveBeenCalled());

const verifier = randomBytes(32).toString('base64url');

function authorizeAddress(more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({
    client_id: 'by-secret',
    response_type: 'code',
    scope: 'openid offline_access',
    redirect_uri: callback,
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  return `${provider.issuer}/auth?${query.toString()}`;
}

interface Tokens {
  readonly status: number;
  readonly error?: string;
  readonly id_token: string;
  readonly refresh_token: string;
  readonly access_token: string;
}

async function askToken(form: Readonly<Record<string, string>>): Promise<Tokens> {
  const response = await fetch(`${provider.issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, ...((await response.json()) as Omit<Tokens, 'status'>) };
}

const bySecret = { client_id: 'by-secret', client_secret: secret };

const redeem = (code: string): Promise<Tokens> =>
  askToken({ ...bySecret, grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier });

const refresh = (tokens: Tokens): Promise<Tokens> =>
  askToken({ ...bySecret, grant_type: 'refresh_token', refresh_token: tokens.refresh_token });

async function claimsOf(tokens: Tokens, audience = 'by-secret'): Promise<JWTPayload> {
  const published = createRemoteJWKSet(new URL(`${provider.issuer}/jwks`));
  return (await jwtVerify(tokens.id_token, published, { issuer: provider.issuer, audience })).payload;
}

async function signIn(client: CookieClient, more: Readonly<Record<string, string>>): Promise<Tokens> {
  const { url } = await client.follow(authorizeAddress(more));
  expect(url.origin + url.pathname).toBe(callback);
  return redeem(url.searchParams.get('code') ?? '');
}

describe('signing in', () => {
  it('needs no click where the sign-in names the persona', async () => {
    const { url } = await new CookieClient(provider.issuer).follow(authorizeAddress({ login_hint: 'nurse' }));
    expect(url.searchParams.get('state')).toBe('the-state');
    expect(url.searchParams.get('iss')).toBe(provider.issuer);
    const tokens = await redeem(url.searchParams.get('code') ?? '');
    const claims = await claimsOf(tokens);
    expect(claims).toMatchObject({
      sub: 'nurse',
      preferred_username: 'nurse',
      name: 'Noah Madeup',
      email: 'nurse@meadowbrook.example',
      groups: ['Clinic-Nurses'],
      nonce: 'the-nonce',
    });
    expect(claims['auth_time']).toBeTypeOf('number');
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    expect(await (await fetch(`${provider.issuer}/me`, { headers })).json()).toMatchObject({ groups: ['Clinic-Nurses'] });
  });

  it('shows every persona as a button otherwise', async () => {
    const client = new CookieClient(provider.issuer);
    const { url, response } = await client.follow(authorizeAddress());
    const text = await response.text();
    for (const persona of personas) expect(text).toContain(`value="${persona.name}"`);
    const clicked = await client.follow(url.href, { method: 'POST', body: new URLSearchParams({ persona: 'records' }) });
    const tokens = await redeem(clicked.url.searchParams.get('code') ?? '');
    expect((await claimsOf(tokens)).sub).toBe('records');
  });

  it('shows the buttons for a hint that names nobody', async () => {
    const { response } = await new CookieClient(provider.issuer).follow(authorizeAddress({ login_hint: 'nobody' }));
    expect(await response.text()).toContain('Who are you today?');
  });

  it('is remembered, but a hint that names another person changes to that one', async () => {
    const client = new CookieClient(provider.issuer);
    await signIn(client, { login_hint: 'nurse' });
    expect((await claimsOf(await signIn(client, {}))).sub).toBe('nurse');
    expect((await claimsOf(await signIn(client, { login_hint: 'billing' }))).sub).toBe('billing');
    expect((await claimsOf(await signIn(client, {}))).sub).toBe('billing');
  });

  it('takes private_key_jwt as well', async () => {
    const { url } = await new CookieClient(provider.issuer).follow(authorizeAddress({ client_id: 'by-key', login_hint: 'it' }));
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: 'demo' })
      .setIssuer('by-key')
      .setSubject('by-key')
      .setAudience(provider.issuer)
      .setJti(randomBytes(8).toString('hex'))
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(keys.privateKey);
    const tokens = await askToken({
      client_id: 'by-key',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      grant_type: 'authorization_code',
      code: url.searchParams.get('code') ?? '',
      redirect_uri: callback,
      code_verifier: verifier,
    });
    expect((await claimsOf(tokens, 'by-key')).sub).toBe('it');
  });

  it.each([
    ['without PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['silently without a session', { prompt: 'none' }, 'login_required'],
    ['silently without a session, with a hint', { prompt: 'none', login_hint: 'nurse' }, 'login_required'],
  ])('is refused %s', async (_case, more, error) => {
    const { url } = await new CookieClient(provider.issuer).follow(authorizeAddress(more));
    expect(url.searchParams.get('error')).toBe(error);
  });

  it('is silent for the person of the session and for nobody else', async () => {
    const client = new CookieClient(provider.issuer);
    await signIn(client, { login_hint: 'nurse' });
    expect((await claimsOf(await signIn(client, { prompt: 'none', login_hint: 'nurse' }))).sub).toBe('nurse');
    const other = await client.follow(authorizeAddress({ prompt: 'none', login_hint: 'it' }));
    expect(other.url.searchParams.get('error')).toBe('login_required');
  });

  it('answers an unknown client and a stale interaction with a page', async () => {
    const client = new CookieClient(provider.issuer);
    expect((await client.fetch('/auth?client_id=stranger')).status).toBe(400);
    const stale = await client.fetch('/interaction/nothing');
    expect(stale.status).toBe(400);
    expect(await stale.text()).toContain('The sign-in cannot go on');
  });
});

describe('staying signed in', () => {
  it('refreshes with the same token, and sees groups change', async () => {
    const tokens = await signIn(new CookieClient(provider.issuer), { login_hint: 'physician', scope: 'openid' });
    const second = await refresh(tokens);
    expect(second.refresh_token).toBe(tokens.refresh_token);
    provider.setGroups('physician', ['Clinic-Physicians', 'Clinic-IT']);
    expect((await claimsOf(await refresh(tokens)))['groups']).toEqual(['Clinic-Physicians', 'Clinic-IT']);
    provider.setGroups('physician', ['Clinic-Physicians']);
    expect((await claimsOf(await refresh(tokens)))['groups']).toEqual(['Clinic-Physicians']);
    expect(() => provider.setGroups('nobody', [])).toThrow('"nobody" is no persona');
  });

  it('ends with a revocation, for that person only', async () => {
    const client = new CookieClient(provider.issuer);
    const tokens = await signIn(client, { login_hint: 'billing' });
    const others = await signIn(new CookieClient(provider.issuer), { login_hint: 'records' });
    provider.revoke('billing');
    expect(await refresh(tokens)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect((await refresh(others)).status).toBe(200);
    const silent = await client.follow(authorizeAddress({ prompt: 'none' }));
    expect(silent.url.searchParams.get('error')).toBe('login_required');
    expect((await refresh(await signIn(client, { login_hint: 'billing' }))).status).toBe(200);
  });

  it('ends with a logout that asks no question', async () => {
    const client = new CookieClient(provider.issuer);
    const tokens = await signIn(client, { login_hint: 'nurse' });
    const query = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: goodbye, state: 'bye' });
    const page = await (await client.fetch(`/session/end?${query.toString()}`)).text();
    expect(page).toContain('document.forms[0].submit()');
    const form = page.slice(page.indexOf('<form'), page.indexOf('</form>'));
    const fields = [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]);
    const { url } = await client.follow(/action="([^"]+)"/.exec(form)?.[1] ?? '', {
      method: 'POST',
      body: new URLSearchParams(Object.fromEntries(fields)),
    });
    expect(url.href).toBe(`${goodbye}?state=bye`);
    expect((await refresh(tokens)).error).toBe('invalid_grant');
    const silent = await client.follow(authorizeAddress({ prompt: 'none' }));
    expect(silent.url.searchParams.get('error')).toBe('login_required');
  });
});

describe('the authenticator page', () => {
  it('shows the code of everybody who has enrolled, and when it changes', async () => {
    const nurse = personas.find((one) => one.name === 'nurse')?.totpSecret ?? '';
    const before = await generate({ secret: nurse });
    const text = await (await fetch(`${provider.issuer}/authenticator`)).text();
    const codes = [before, await generate({ secret: nurse })];
    expect(codes.some((code) => text.includes(code))).toBe(true);
    expect(text).toMatch(/New codes in \d+ seconds?\./);
    expect(text).toContain('http-equiv="refresh"');
    expect(text.match(/<td>\d{6}<\/td>/g)).toHaveLength(personas.filter((one) => one.totpSecret !== null).length);
    expect(text).not.toContain('newcomer');
  });
});
