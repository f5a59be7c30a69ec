// What `check --live` says of the provider, one thing wrong at a time, and that a provider by https is believed by its
// certificate alone.

import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenIdProvider } from '../../../src/adapters/identity-provider-openid.ts';
import { systemClock } from '../../../src/adapters/clock-system.ts';
import { probeClient } from '../../../src/cli/live/probe-client.ts';
import { judgeOffset, probeClock } from '../../../src/cli/live/probe-clock.ts';
import { probeProvider } from '../../../src/cli/live/probe-provider.ts';
import type { Finding } from '../../../src/cli/live/finding.ts';
import { freePort } from '../../../src/demo/free-port.ts';
import { startBadProvider } from '../../support/bad-provider.ts';
import type { Mutation } from '../../support/bad-provider.ts';
import { makeCertificate } from '../../support/certificate.ts';
import type { CertificateFiles } from '../../support/certificate.ts';
import { eventually } from '../../support/demo-story.ts';
import { without } from '../../support/without.ts';
import { liveConfiguration } from '../../support/live-configuration.ts';
import { requirement } from '../../support/requirements.ts';
import { rememberingLog } from '../../support/silent-log.ts';
import { tlsRelay } from '../../support/tls-relay.ts';

let nowhere = '';
beforeAll(async () => {
  nowhere = `http://127.0.0.1:${await freePort()}`;
});

const soon = (): AbortSignal => AbortSignal.timeout(10_000);

async function told(mutation: Mutation, issuerAs: (issuer: string) => string = (issuer) => issuer): Promise<readonly Finding[]> {
  const provider = await startBadProvider(mutation);
  const { settings } = await liveConfiguration({ issuer: issuerAs(provider.issuer) });
  return probeProvider(settings, soon());
}

const verdicts = (found: readonly Finding[]): readonly string[] => found.map(({ probe, verdict }) => `${probe} ${verdict}`);

test('a provider of which nothing is wrong', async () => {
  expect(verdicts(await told({}))).toEqual(['provider ok', 'issuer ok', 'keys ok', 'pkce ok', 'logout ok']);
});

test.each<readonly [what: string, mutation: Mutation, line: string, says: RegExp, fix: RegExp | null]>([
  [
    'calls itself otherwise',
    { discovery: (one) => ({ ...one, issuer: 'https://inside.example' }) },
    'issuer failed',
    /"https:\/\/inside.example"/,
    /write issuer: https:\/\/inside.example/,
  ],
  ['names no keys', { discovery: without('jwks_uri') }, 'keys failed', /no jwks_uri/, /without one/],
  [
    'signs with a secret',
    { discovery: (one) => ({ ...one, id_token_signing_alg_values_supported: ['HS256'] }) },
    'keys failed',
    /signs with HS256/,
    /RS256/,
  ],
  ['has no signing key', { jwks: () => [] }, 'keys failed', /no key/, /keys/],
  ['has keys to encrypt alone', { jwks: (keys) => keys.map((key) => ({ ...key, use: 'enc' })) }, 'keys failed', /no key/, /keys/],
  [
    'breaks at its keys',
    { raw: { '/jwks': (_, response) => response.writeHead(500).end() } },
    'keys failed',
    /status 500/,
    /log/,
  ],
  [
    'takes plain PKCE alone',
    { discovery: (one) => ({ ...one, code_challenge_methods_supported: ['plain'] }) },
    'pkce failed',
    /S256/,
    /turn it on/,
  ],
  ['says nothing of PKCE', { discovery: without('code_challenge_methods_supported') }, 'pkce unknown', /Entra/, null],
  ['has no logout', { discovery: without('end_session_endpoint') }, 'logout warning', /still signed in there/, /end soon/],
])('a provider that %s', async (_what, mutation, line, says, fix) => {
  const found = await told(mutation);
  const odd = found.filter(({ verdict }) => verdict !== 'ok');
  expect(verdicts(odd)).toEqual([line]);
  expect(odd[0]?.says).toMatch(says);
  if (fix === null) expect(odd[0]?.fix).toBeNull();
  else expect(odd[0]?.fix).toMatch(fix);
});

test.each<readonly [what: string, mutation: Mutation, issuerAs: (issuer: string) => string, says: RegExp, fix: RegExp]>([
  ['another path', {}, (issuer) => `${issuer}/realms/clinic`, /status 404/, /compare signIn.issuer/],
  [
    'a page',
    { raw: { '/.well-known/openid-configuration': (_, response) => response.end('<html>') } },
    (one) => one,
    /something else than JSON/,
    /issuer/,
  ],
  [
    'a list',
    { raw: { '/.well-known/openid-configuration': (_, response) => response.end('[]') } },
    (one) => one,
    /JSON object/,
    /issuer/,
  ],
  [
    'an error',
    { raw: { '/.well-known/openid-configuration': (_, response) => response.writeHead(503).end() } },
    (one) => one,
    /status 503/,
    /log/,
  ],
  ['nobody', {}, () => nowhere, /nothing listens there/, /port/],
])('where %s answers, there is one line, and it says what to do', async (_what, mutation, issuerAs, says, fix) => {
  const found = await told(mutation, issuerAs);
  expect(found).toEqual([
    { probe: 'provider', of: null, verdict: 'failed', says: expect.stringMatching(says), fix: expect.stringMatching(fix) },
  ]);
});

describe('the client', () => {
  async function asked(mutation: Mutation): Promise<readonly string[]> {
    const provider = await startBadProvider(mutation);
    const { settings } = await liveConfiguration({ issuer: provider.issuer });
    return (await probeClient(settings, soon())).map(({ probe, verdict, says }) => `${probe} ${verdict}: ${says}`);
  }

  const answers = (status: number, body: unknown): Mutation => ({
    raw: {
      '/token': (_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    },
  });

  test.each<readonly [what: string, mutation: Mutation, says: RegExp]>([
    ['is known', {}, /^client ok: The provider knows the client "wardgate"/],
    ['is not known', answers(401, { error: 'invalid_client' }), /^client failed: .*\(invalid_client\)/],
    ['may not', answers(400, { error: 'unauthorized_client' }), /^client failed: .*\(unauthorized_client\)/],
    ['is answered oddly', answers(400, { error: 'invalid_request' }), /^client unknown: .*\(invalid_request\)/],
    [
      'is answered with a page',
      { raw: { '/token': (_, response) => response.writeHead(500).end('<html>') } },
      /^client unknown: /,
    ],
  ])('that %s', async (_what, mutation, says) => {
    expect(await asked(mutation)).toEqual([
      expect.stringMatching(says),
      'redirect ok: http://localhost:8080/.wardgate/callback is registered',
    ]);
  });

  test.each<readonly [what: string, status: number, location: string | null, says: RegExp]>([
    ['a page that refuses', 400, null, /^redirect failed: The provider refuses http:\/\/localhost:8080/],
    ['its own page', 200, null, /^redirect unknown: /],
    ['another address', 302, 'https://elsewhere.example/', /^redirect unknown: /],
  ])('whose redirect address is answered with %s', async (_what, status, location, says) => {
    const headers = location === null ? {} : { location };
    const found = await asked({ raw: { '/auth': (_, response) => response.writeHead(status, headers).end() } });
    expect(found[1]).toMatch(says);
  });

  test('cannot be asked for while the provider is down, and says so once', async () => {
    const { settings } = await liveConfiguration({ issuer: nowhere });
    expect((await probeClient(settings, soon())).map(({ verdict }) => verdict)).toEqual(['unknown']);
  });
});

test.each`
  seconds | isProvider | verdict      | says
  ${2}    | ${true}    | ${'ok'}      | ${/agree to within 2 seconds/}
  ${-2}   | ${true}    | ${'ok'}      | ${/agree to within 2 seconds/}
  ${10}   | ${true}    | ${'ok'}      | ${/10 seconds ahead of it/}
  ${-11}  | ${true}    | ${'warning'} | ${/11 seconds behind it/}
  ${60}   | ${true}    | ${'warning'} | ${/60 seconds ahead of it$/}
  ${61}   | ${true}    | ${'failed'}  | ${/61 seconds ahead of it, so its tokens are refused/}
  ${3600} | ${false}   | ${'warning'} | ${/3600 seconds ahead of it$/}
`(
  'a clock $seconds s apart is $verdict',
  ({ seconds, isProvider, verdict, says }: { seconds: number; isProvider: boolean; verdict: string; says: RegExp }) => {
    expect(judgeOffset('provider', seconds, isProvider)).toMatchObject({ verdict, says: expect.stringMatching(says) });
  },
);

test('clocks are compared with whoever answers and says the time', async () => {
  const provider = await startBadProvider({
    raw: {
      '/.well-known/openid-configuration': (_, response) =>
        response.writeHead(200, { date: new Date(Date.now() - 90_000).toUTCString() }).end('{}'),
    },
  });
  const silent = await startBadProvider({
    raw: {
      '/': (_, response) => {
        response.sendDate = false;
        response.end();
      },
    },
  });
  const { settings } = await liveConfiguration({ issuer: provider.issuer, upstream: silent.issuer });
  const found = await probeClock(settings, soon());
  expect(verdicts(found)).toEqual(['clock failed', 'clock unknown']);
  expect(found[0]?.says).toMatch(/This machine is \d+ seconds ahead of it/);
});

requirement('openssl').describe('a provider by https', () => {
  let folder = '';
  let authority: CertificateFiles;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardgate-provider-tls-'));
    authority = makeCertificate(folder, 'clinic-ca', { isAuthority: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each<readonly [what: string, names: readonly string[], trusted: boolean, says: RegExp | null, fix: RegExp | null]>([
    ['is believed by the authority that trust names', ['DNS:localhost'], true, null, null],
    [
      'is not believed without it',
      ['DNS:localhost'],
      false,
      /authority that this machine does not know/,
      /as trust in gateway\.yaml/,
    ],
    [
      'is not believed under another name',
      ['DNS:other.example'],
      true,
      /certificate is for another name/,
      /name that the certificate has/,
    ],
  ])('%s, and whoever runs the gateway reads why', async (what, names, trusted, says, fix) => {
    const provider = await startBadProvider({});
    const certificate = makeCertificate(folder, what.replaceAll(/\W+/g, '-'), { names, authority });
    provider.issuer = `https://localhost:${await tlsRelay(certificate, Number(new URL(provider.issuer).port))}`;
    const trust = trusted ? [`trust: ${authority.certificate}`] : [];
    const { settings } = await liveConfiguration({ issuer: provider.issuer, signIn: trust });
    const found = await probeProvider(settings, soon());
    const log = rememberingLog();
    const { signIn, applications } = settings;
    const openId = new OpenIdProvider({ settings: signIn, applications, clock: systemClock, log });
    await eventually(() => log.lines.length > 0, 'a word about the discovery');
    openId.close();
    expect(openId.ready).toBe(says === null);
    if (says === null || fix === null) {
      expect(verdicts(found)).toEqual(['provider ok', 'issuer ok', 'keys ok', 'pkce ok', 'logout ok']);
      return;
    }
    expect(found).toMatchObject([{ verdict: 'failed', says: expect.stringMatching(says), fix: expect.stringMatching(fix) }]);
    expect(log.lines[0]).toMatch(says);
    expect(log.lines[0]).toMatch(fix);
  });
});
