// What a relying party must refuse, one mutation of a correct provider at a time: the sign-in fails closed, is recorded,
// and leaves no session. WARDGATE_CORPORA names a directory with oidc-negative.json, whose items must all be known here.

import { readFileSync } from 'node:fs';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { personKey } from '../../src/sign-in/person-key.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import type { Mutation } from '../support/bad-provider.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { startOwnPages, totp } from '../support/own-pages-server.ts';
import type { OwnPagesOptions } from '../support/own-pages-server.ts';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const without = (name: string) => (claims: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
const now = () => Math.floor(Date.now() / 1000);
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
const spoilt = (token: string) => {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return `${header}.${payload}.${(signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)}`;
};
const unsigned = (header: object) => (token: string) =>
  `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${token.split('.')[1] ?? ''}.`;

interface Case {
  readonly mutation: Mutation;
  readonly options?: Partial<OwnPagesOptions>;
  /** Part of the recorded detail that proves it failed for this reason. */
  readonly because?: string;
  /** No request may reach the token endpoint. */
  readonly noTokenRequest?: true;
  /** The provider cannot be used at all. */
  readonly noStart?: true;
  /** Refused before it can belong to anybody, so there is nobody to record. */
  readonly startsOver?: true;
}

const refused: Readonly<Record<string, Case>> = {
  'OI-001': { mutation: { claims: (c) => ({ ...c, iss: 'https://evil.example' }) }, because: 'iss' },
  'OI-002': { mutation: { claims: without('aud') }, because: 'aud' },
  'OI-003': { mutation: { claims: (c) => ({ ...c, aud: 'another' }) }, because: 'aud' },
  'OI-005': { mutation: { claims: (c) => ({ ...c, aud: ['wardgate', 'another'] }) }, because: 'untrusted audiences' },
  'OI-006': { mutation: { claims: without('sub') }, because: 'sub' },
  'OI-007': { mutation: { claims: without('iat') }, because: 'iat' },
  'OI-008': { mutation: { claims: (c) => ({ ...c, iat: now() - 7 * 86_400 }) }, because: 'issued more than 600 seconds ago' },
  'OI-009': { mutation: { claims: (c) => ({ ...c, exp: now() - 300 }) }, because: 'exp' },
  'OI-010': { mutation: { claims: without('exp') }, because: 'exp' },
  'OI-011': { mutation: { claims: without('iss') }, because: 'iss' },
  'OI-012': { mutation: { claims: (c) => ({ ...c, nonce: 'another' }) }, because: 'nonce' },
  'OI-013': { mutation: { claims: without('nonce') }, because: 'nonce' },
  'OI-014': { mutation: { idToken: unsigned({ alg: 'none' }) }, because: 'alg' },
  'OI-015': { mutation: { idToken: unsigned({ alg: null }) }, because: 'alg' },
  'OI-016': { mutation: { algorithm: 'RS384' }, noStart: true },
  'OI-017': { mutation: { idToken: spoilt }, because: 'signature' },
  'OI-018': {
    mutation: {
      idToken: async (token) =>
        new SignJWT(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(Buffer.from('a secret/with+special:characters%')),
    },
    because: 'alg',
  },
  'OI-019': { mutation: { algorithm: 'ES256', idToken: spoilt }, because: 'signature' },
  'OI-021': {
    mutation: { header: ({ alg }) => ({ alg }), jwks: (keys) => [...keys, ...keys.map((key) => ({ ...key, kid: 'k2' }))] },
    because: 'multiple applicable keys',
  },
  'OI-023': { mutation: { discovery: (d) => ({ ...d, issuer: 'https://evil.example' }) }, noStart: true },
  'OI-024': { mutation: { callback: (query) => query.set('state', 'wrong') }, noTokenRequest: true, startsOver: true },
  'OI-025': { mutation: { callback: (query) => query.delete('state') }, noTokenRequest: true, startsOver: true },
  'OI-026': { mutation: { callback: (query) => query.set('iss', 'https://evil.example') }, noTokenRequest: true, because: 'iss' },
  'OI-027': { mutation: { callback: (query) => query.delete('iss') }, noTokenRequest: true, because: 'iss' },
  'OI-028': { mutation: { callback: (query) => query.set('id_token', 'x.y.z') }, noTokenRequest: true, because: 'id_token' },
  'OI-029': {
    mutation: { claims: without('groups'), userinfo: (c) => ({ ...c, sub: 'somebody' }) },
    because: 'user information',
  },
  'OI-033': { mutation: { idToken: () => 'a.b.c.d.e' }, because: 'exchange of the code' },
  'OI-038': { mutation: { callback: deny('access_denied') }, noTokenRequest: true, because: 'access_denied' },
  'OI-039': {
    mutation: { callback: deny('access_denied', '<script>alert(1)</script>') },
    noTokenRequest: true,
    because: 'access_denied',
  },
  'OI-040': { mutation: { callback: (query) => query.append('code', 'second') }, noTokenRequest: true, because: 'twice' },
  'OI-043': { mutation: { discovery: (d) => ({ ...d, code_challenge_methods_supported: ['plain'] }) }, noStart: true },
  'OI-044': { mutation: { callback: (query) => query.set('code', 'stolen') }, because: 'invalid_grant' },
  'OI-045': {
    mutation: { callback: (query) => query.set('iss', 'https://other-op.example') },
    noTokenRequest: true,
    because: 'iss',
  },
  'OI-046': { mutation: { claims: (c) => ({ ...c, aud: 'other-client', azp: 'other-client' }) }, because: 'aud' },
  'OI-047': { mutation: { header: (h) => ({ ...h, typ: 'at+jwt' }) }, because: 'at+jwt' },
  'OI-048': {
    mutation: { claims: (c) => ({ ...c, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }) },
    because: 'logout token',
  },
  'OI-052': { mutation: { claims: (c) => ({ ...c, sub: `x${'y'.repeat(300)}` }) }, because: 'subject' },
  'OI-052 number': { mutation: { claims: (c) => ({ ...c, sub: 7 }) }, because: 'sub' },
  'OI-052 line break': { mutation: { claims: (c) => ({ ...c, sub: 'ada\nroot' }) }, because: 'subject' },
  'OI-053': { mutation: { claims: (c) => ({ ...c, groups: { 'Clinic-Nurses': true } }) }, because: 'groups' },
  'OI-053 proto': {
    mutation: {
      claims: (c) => ({ ...c, groups: undefined, ['__proto__']: { groups: ['Clinic-Nurses'] } }),
      userinfo: without('groups'),
    },
    because: 'groups',
  },
  'OI-056 over': { mutation: { claims: (c) => ({ ...c, exp: now() - 90 }) }, because: 'exp' },
  'OI-057': { mutation: { claims: (c) => ({ ...c, big: 'x'.repeat(1_000_000) }) }, because: 'larger than' },
  'OI-057 at the edge': {
    mutation: { claims: (c) => ({ ...c, big: 'x'.repeat(70_000) }) },
    because: 'larger than 65536 characters',
  },
  'OI-058': { mutation: { claims: (c) => ({ ...c, deep: nested(1000) }) }, because: 'nest deeper than 32 levels' },
  'OI-059': { mutation: { jwks: (keys) => Array.from({ length: 10_000 }, () => keys[0] ?? {}) }, because: 'larger than' },
  'OI-060': { mutation: { raw: { '/jwks': () => undefined } }, because: 'identity-provider-unavailable' },
  'OI-062': { mutation: { header: (h) => ({ ...h, crit: ['urn:test'], 'urn:test': 1 }) }, because: 'crit' },
  'OI-063': { mutation: { discovery: (d) => ({ ...d, issuer: `${String(d['issuer'])}/` }) }, noStart: true },
  'OI-058 in the answer': {
    mutation: {
      raw: {
        '/token': (_request, response) =>
          response.writeHead(200, { 'content-type': 'application/json' }).end(`{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`),
      },
    },
    because: 'nests deeper than 64 levels',
  },
  html: {
    mutation: {
      raw: {
        '/token': (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Maintenance</h1>'),
      },
    },
    because: 'text/html',
  },
  garbage: {
    mutation: {
      raw: { '/token': (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"access') },
    },
    because: 'identity-provider-misbehaved',
  },
  'html at discovery': {
    mutation: {
      raw: {
        '/.well-known/openid-configuration': (_request, response) =>
          response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>'),
      },
    },
    noStart: true,
  },
  'server error': {
    mutation: { raw: { '/token': (_request, response) => response.writeHead(503).end('later') } },
    because: 'identity-provider-unavailable',
  },
  reset: { mutation: { raw: { '/token': (request) => request.socket.destroy() } }, because: 'identity-provider-unavailable' },
  redirect: {
    mutation: { raw: { '/token': (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end() } },
    because: 'identity-provider-misbehaved',
  },
  'groups overage': {
    mutation: { claims: (c) => ({ ...without('groups')(c), _claim_names: { groups: 'src1' } }) },
    because: 'too many groups',
  },
  'no login name': {
    mutation: { claims: without('preferred_username'), userinfo: without('preferred_username') },
    because: 'preferred_username',
  },
};

const accepted: Readonly<Record<string, Mutation>> = {
  'correct provider': {},
  'OI-004': { claims: (c) => ({ ...c, aud: ['wardgate'] }) },
  'OI-020': { header: ({ alg }) => ({ alg }) },
  'OI-030': {},
  'OI-031': { token: (t) => ({ ...t, token_type: 'bearer' }) },
  'OI-032': { token: without('expires_in') },
  'OI-042': {},
  'OI-051': { claims: (c) => ({ ...c, email: 'a@b@corp.example', email_verified: false }) },
  'OI-054': { claims: (c) => ({ ...c, amr: ['pwd'] }) },
  'OI-056': { claims: (c) => ({ ...c, exp: now() - 30 }) },
  'OI-061': { header: (h) => ({ ...h, jku: 'https://evil.example/jwks' }) },
  'roles from userinfo': { claims: without('groups') },
  PS256: { algorithm: 'PS256' },
  ES256: { algorithm: 'ES256' },
  EdDSA: { algorithm: 'EdDSA' },
};

/** Items told elsewhere, or about what this gateway does not do. */
const elsewhere: Readonly<Record<string, string>> = {
  'OI-022': 'identity-provider-openid.test.ts: a new key is fetched once the key set is a minute old',
  'OI-034': 'sign-in-story.test.ts: a callback opened twice',
  'OI-035': 'sign-in-story.test.ts: an answer opened in another browser',
  'OI-036': 'own-routes.test.ts: an answer after ten minutes',
  'OI-037': 'sign-in-story.test.ts: two tabs at once; twenty sign-ins a browser in identity-stores.test.ts',
  'OI-041': 'own-routes.test.ts: the callback takes GET alone',
  'OI-049': 'back-channel-logout.test.ts: what a logout token ends, once',
  'OI-050': 'back-channel-logout.test.ts: forged tokens end nothing',
  'OI-055': 'old-provider-sign-in-counted-as-fresh.test.ts: only a step-up asks for max_age, and there it is held',
  'OI-064': 'identity-provider-openid.test.ts: an http issuer beyond loopback',
};

async function tryToSignIn(mutation: Mutation, options: Partial<OwnPagesOptions> = {}) {
  const provider = await startBadProvider(mutation);
  const server = await startOwnPages({ provider: async () => Promise.resolve(provider), ...options });
  const sealed = server.needs.sealer.seal('totp', personKey({ issuer: provider.issuer, sub: 'ada' }), secret);
  await server.needs.factors.enrolTotp(provider.issuer, 'ada', sealed, -1, 1, []);
  const browser = new CookieClient();
  const page = await browser.ask(`${server.origin}/.wardgate/sign-in?return=/chart`);
  return { provider, server, browser, page };
}

async function toCallback(browser: CookieClient, location: string) {
  const answered = await browser.ask(location);
  return browser.ask(answered.headers.location ?? '');
}

describe('refused', () => {
  test.each(Object.entries(refused))('%s', async (_id, one) => {
    const { provider, server, browser, page } = await tryToSignIn(one.mutation, one.options);
    if (one.noStart === true) {
      expect(page.status).toBe(502);
      expect(server.provider.ready).toBe(false);
      expect(page.text).not.toContain('<script>');
      return;
    }
    const reply = await toCallback(browser, page.headers.location ?? '');
    if (one.startsOver === true) expect(reply.headers.location).toBe('/.wardgate/sign-in');
    else {
      expect([403, 502, 503]).toContain(reply.status);
      expect(server.audit.entries).toMatchObject([{ event: 'sign-in-failed', decision: 'refused' }]);
      expect(server.audit.entries[0]?.detail).toContain(one.because);
      expect(reply.text).not.toContain('<script>alert');
    }
    if (one.noTokenRequest === true) expect(provider.asked).not.toContain('/token');
    expect((await browser.ask(`${server.origin}/.wardgate/second-factor`)).headers.location).toContain('/.wardgate/sign-in');
    expect(server.sessions.size).toBe(0);
  });
});

describe('accepted', () => {
  test.each(Object.entries(accepted))('%s', async (_id, mutation) => {
    const { provider, server, browser, page } = await tryToSignIn(mutation);
    expect(new URL(page.headers.location ?? '').searchParams.get('code_challenge_method')).toBe('S256');
    const reply = await toCallback(browser, page.headers.location ?? '');
    expect(reply.headers.location).toBe('/.wardgate/second-factor?return=%2Fchart');
    expect(provider.verifiers[0]).toMatch(/^[\w-]{43,}$/);
    const done = await browser.form(`${server.origin}/.wardgate/second-factor?return=/chart`, { code: totp(secret, Date.now()) });
    expect(done.text).toBe('EHR /chart');
    expect(server.audit.entries.at(-1)).toMatchObject({
      event: 'sign-in',
      subject: { issuer: provider.issuer, sub: 'ada', name: 'ada' },
    });
  });
});

const corpora = process.env['WARDGATE_CORPORA'];

test.skipIf(corpora === undefined)('every item of the corpus is tried here or told elsewhere', () => {
  const { items } = JSON.parse(readFileSync(`${corpora ?? ''}/oidc-negative.json`, 'utf8')) as {
    items: { id: string; expect: string }[];
  };
  const unknown = items.filter(({ id }) => !(id in refused) && !(id in accepted) && !(id in elsewhere));
  expect(unknown).toEqual([]);
  const contradicted = items.filter(({ id, expect: wanted }) => id in accepted && /^(reject|refuse)/.test(wanted));
  expect(contradicted).toEqual([]);
});

function deny(error: string, description?: string) {
  return (query: URLSearchParams): void => {
    query.delete('code');
    query.set('error', error);
    if (description !== undefined) query.set('error_description', description);
  };
}
