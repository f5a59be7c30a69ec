// An OpenID provider written by hand, so that it can do wrong whatever a test asks for: one mutation at a time on an
// otherwise correct provider. It signs everybody in at once as `ada`.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWTHeaderParameters } from 'jose';
import { onTestFinished } from 'vitest';

type Claims = Record<string, unknown>;

/** What to do wrong. Each function gets the correct value and returns another. */
export interface Mutation {
  discovery?: (document: Claims) => Claims;
  jwks?: (keys: Claims[]) => Claims[] | Promise<Claims[]>;
  callback?: (query: URLSearchParams) => void;
  claims?: (claims: Claims) => Claims;
  header?: (header: JWTHeaderParameters) => JWTHeaderParameters;
  /** The finished ID token, to be replaced or spoilt. */
  idToken?: (token: string, keys: { readonly privateKey: CryptoKey }) => string | Promise<string>;
  token?: (answer: Claims) => Claims;
  userinfo?: (claims: Claims) => Claims;
  /** Answers a path by itself. */
  raw?: Partial<Record<string, (request: IncomingMessage, response: ServerResponse) => void>>;
  algorithm?: 'RS256' | 'ES256' | 'PS256' | 'EdDSA' | 'RS384';
}

/** Closed when the test is over, unless `atEnd` keeps it for the whole file. `mutation` may be changed between requests. */
export async function startBadProvider(mutation: Mutation = {}, atEnd: (close: () => Promise<void>) => void = onTestFinished) {
  const algorithm = mutation.algorithm ?? 'RS256';
  const keys = await keysFor(algorithm);
  const provider = {
    mutation,
    issuer: '',
    asked: [] as string[],
    verifiers: [] as string[],
    claims: { groups: ['Clinic-Nurses'] } as Claims,
  };
  let given = 0;
  const codes = new Map<string, { nonce: string | null }>();
  const server = createServer((request, response) => {
    void answer(request, response).catch((cause: unknown) => response.writeHead(500).end(String(cause)));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', provider.issuer);
    provider.asked.push(url.pathname);
    const { raw } = provider.mutation;
    const own = raw?.[url.pathname];
    if (own !== undefined) own(request, response);
    else if (url.pathname === '/.well-known/openid-configuration') json(response, discovery());
    else if (url.pathname === '/jwks') json(response, { keys: await publicKeys() });
    else if (url.pathname === '/auth') authorise(url, response);
    else if (url.pathname === '/token') await exchange(request, response);
    else if (url.pathname === '/userinfo') {
      const claims = { sub: 'ada', ...provider.claims };
      json(response, provider.mutation.userinfo?.(claims) ?? claims);
    } else response.writeHead(404).end();
  }

  function discovery(): Claims {
    const { issuer } = provider;
    const document = {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/userinfo`,
      end_session_endpoint: `${issuer}/logout`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [algorithm],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    };
    return provider.mutation.discovery?.(document) ?? document;
  }

  async function publicKeys(): Promise<Claims[]> {
    const key: Claims = { ...(await exportJWK(keys.publicKey)), kid: 'k1', use: 'sig', alg: algorithm };
    return (await provider.mutation.jwks?.([key])) ?? [key];
  }

  function authorise(url: URL, response: ServerResponse): void {
    given += 1;
    const code = `code-${given}`;
    codes.set(code, { nonce: url.searchParams.get('nonce') });
    const query = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '', iss: provider.issuer });
    provider.mutation.callback?.(query);
    response.writeHead(302, { location: `${url.searchParams.get('redirect_uri') ?? ''}?${query.toString()}` }).end();
  }

  async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await textOf(request));
    provider.verifiers.push(form.get('code_verifier') ?? '');
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    if (form.get('grant_type') === 'authorization_code' && code === undefined) {
      json(response, { error: 'invalid_grant' }, 400);
      return;
    }
    const token = {
      access_token: 'at',
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: 'rt',
      id_token: await idToken(code?.nonce ?? null),
    };
    json(response, provider.mutation.token?.(token) ?? token);
  }

  async function idToken(nonce: string | null): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const correct: Claims = {
      iss: provider.issuer,
      aud: 'wardgate',
      sub: 'ada',
      iat: now,
      exp: now + 300,
      preferred_username: 'ada',
      ...(nonce === null ? {} : { nonce }),
      ...provider.claims,
    };
    const header = { alg: algorithm, kid: 'k1' };
    const token = await new SignJWT(provider.mutation.claims?.(correct) ?? correct)
      .setProtectedHeader(provider.mutation.header?.(header) ?? header)
      .sign(keys.privateKey, { crit: { 'urn:test': true } });
    return (await provider.mutation.idToken?.(token, keys)) ?? token;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  atEnd(close);
  /** A logout token for `ada`, correct but for what the given functions change. */
  const logoutToken = async (
    change: (claims: Claims) => Claims = (claims) => claims,
    header: (header: JWTHeaderParameters) => JWTHeaderParameters = (one) => one,
  ): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const correct = { iss: provider.issuer, aud: 'wardgate', sub: 'ada', iat: now, exp: now + 120, jti: randomUUID(), events };
    return new SignJWT(change(correct))
      .setProtectedHeader(header({ alg: algorithm, kid: 'k1', typ: 'logout+jwt' }))
      .sign(keys.privateKey, { crit: { 'urn:test': true } });
  };
  return Object.assign(provider, { close, logoutToken, publicKey: keys.publicKey });
}

const keyPairs = new Map<string, Promise<{ publicKey: CryptoKey; privateKey: CryptoKey }>>();

/** Making an RSA key takes longer than a whole sign-in, so each algorithm has one key per test file. */
async function keysFor(algorithm: string): Promise<{ publicKey: CryptoKey; privateKey: CryptoKey }> {
  const made = keyPairs.get(algorithm) ?? generateKeyPair(algorithm, { extractable: true });
  keyPairs.set(algorithm, made);
  return made;
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
