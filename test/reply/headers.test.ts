// The reply steps that edit headers, each on a table of what EHRs send.

import { describe, expect, test } from 'vitest';
import type { ApplicationSettings } from '../../src/config/settings.ts';
import { forbidCaching } from '../../src/reply/forbid-caching.ts';
import { guardCookies } from '../../src/reply/guard-cookies.ts';
import { refuseEhrChallenge } from '../../src/reply/refuse-ehr-challenge.ts';
import type { ReplyFacts, ReplyStep } from '../../src/reply/reply-step.ts';
import { rewriteRedirects } from '../../src/reply/rewrite-redirects.ts';
import { stripHopByHop } from '../../src/reply/strip-hop-by-hop.ts';
import { applicationOf, reasonOf, replyOf } from '../support/edge-facts.ts';
import { FakeStandings, targetOf } from '../support/fake-ehr.ts';

function edit(
  step: ReplyStep,
  headers: readonly string[],
  application: Partial<ApplicationSettings> = {},
  category = 'chart',
): string[] {
  const reply = replyOf(headers);
  void step({ application: applicationOf(application), category } as unknown as ReplyFacts, reply);
  return reply.headers;
}

describe('strip-hop-by-hop', () => {
  test.each<readonly [headers: string[], kept: string[]]>([
    [
      ['Connection', 'close', 'Keep-Alive', 'timeout=5', 'X-A', '1'],
      ['X-A', '1'],
    ],
    [
      ['Connection', 'X-A, x-b', 'X-A', '1', 'X-B', '2', 'X-C', '3'],
      ['X-C', '3'],
    ],
    [['Connection', 'X-A', 'CONNECTION', 'x-b', 'X-A', '1', 'X-B', '2'], []],
    [['Transfer-Encoding', 'chunked', 'Trailer', 'X', 'Upgrade', 'h2c', 'Proxy-Authenticate', 'a'], []],
    [['Service-Worker-Allowed', '/', 'Access-Control-Allow-Origin', '*', 'ACCESS-CONTROL-MAX-AGE', '1'], []],
    [['Server', 'Apache/1.3', 'X-Powered-By', 'PHP/4', 'Alt-Svc', 'h3', 'Strict-Transport-Security', 'max-age=0'], []],
    [
      ['Cross-Origin-Opener-Policy', 'same-origin'],
      ['Cross-Origin-Opener-Policy', 'same-origin-allow-popups'],
    ],
    [
      ['cross-origin-opener-policy', ' same-origin ;report-to="a"', 'Cross-Origin-Embedder-Policy', 'credentialless'],
      ['cross-origin-opener-policy', 'same-origin-allow-popups', 'Cross-Origin-Embedder-Policy', 'credentialless'],
    ],
    [
      ['Cross-Origin-Opener-Policy', 'same-origin', 'Cross-Origin-Embedder-Policy', 'require-corp'],
      ['Cross-Origin-Opener-Policy', 'same-origin', 'Cross-Origin-Embedder-Policy', 'require-corp'],
    ],
    [
      ['Cross-Origin-Opener-Policy', 'noopener-allow-popups'],
      ['Cross-Origin-Opener-Policy', 'noopener-allow-popups'],
    ],
    [
      ['Content-Type', 'a/b', 'ETag', '"1"'],
      ['Content-Type', 'a/b', 'ETag', '"1"'],
    ],
  ])('%j leaves %j', (headers, kept) => {
    expect(edit(stripHopByHop(), headers)).toEqual(kept);
  });
});

describe('rewrite-redirects', () => {
  test.each([
    ['http://10.0.0.5:8080/a?b#c', 'https://ehr.example/a?b#c'],
    ['HTTP://10.0.0.5:8080', 'https://ehr.example'],
    ['http://10.0.0.5:8080?a', 'https://ehr.example?a'],
    ['//10.0.0.5:8080/a', 'https://ehr.example/a'],
    ['http://ehr.example/a', 'https://ehr.example/a'],
    ['https://ehr.example/a', 'https://ehr.example/a'],
    ['/a', '/a'],
    ['a/b', 'a/b'],
    ['http://10.0.0.5:80801/a', 'http://10.0.0.5:80801/a'],
    ['http://10.0.0.5:8080@evil.test/', 'http://10.0.0.5:8080@evil.test/'],
    ['http://10.0.0.5:8080.evil.test/', 'http://10.0.0.5:8080.evil.test/'],
    ['//10.0.0.5:8080.evil.test/', '//10.0.0.5:8080.evil.test/'],
    ['https://login.example/?back=http://10.0.0.5:8080/a', 'https://login.example/?back=https://ehr.example/a'],
  ])('Location: %s becomes %s', (location, expected) => {
    expect(edit(rewriteRedirects(), ['Location', location])).toEqual(['Location', expected]);
  });

  test.each([
    ['Refresh', '5; url=http://10.0.0.5:8080/x', '5; url=https://ehr.example/x'],
    [
      'Link',
      '<http://10.0.0.5:8080/a>; rel="next", <http://10.0.0.5:8080/b>',
      '<https://ehr.example/a>; rel="next", <https://ehr.example/b>',
    ],
    ['Content-Location', 'http://10.0.0.5:8080/x', 'https://ehr.example/x'],
    ['X-Other', 'http://10.0.0.5:8080/x', 'http://10.0.0.5:8080/x'],
  ])('%s: %s becomes %s', (name, value, expected) => {
    expect(edit(rewriteRedirects(), [name, value])).toEqual([name, expected]);
  });

  test.each([
    ['http://10.0.0.5', 'http://10.0.0.5:80/a', 'https://ehr.example/a'],
    ['http://10.0.0.5', 'http://10.0.0.5/a', 'https://ehr.example/a'],
    ['http://10.0.0.5', 'http://10.0.0.5:81/a', 'http://10.0.0.5:81/a'],
    ['https://10.0.0.5', 'https://10.0.0.5:443/a', 'https://ehr.example/a'],
  ])('of the EHR at %s, %s becomes %s', (upstream, location, expected) => {
    expect(edit(rewriteRedirects(), ['Location', location], { upstream })).toEqual(['Location', expected]);
  });
});

describe('rewrite-redirects, of an EHR whose session the gateway keeps', () => {
  const cookies = { jar: ['JSESSIONID'], passthrough: [], seed: [] };
  test.each([
    ['Location', '/app/login;jsessionid=0AF3.node1?a=1', '/app/login?a=1'],
    ['Location', 'http://10.0.0.5:8080/app;JSESSIONID=x#top', 'https://ehr.example/app#top'],
    ['Refresh', '5; url=/app;jsessionid=x', '5; url=/app'],
    ['Link', '</a;jsessionid=x>; rel="next"', '</a>; rel="next"'],
    ['Location', '/app;version=2', '/app;version=2'],
    ['X-Other', '/app;jsessionid=x', '/app;jsessionid=x'],
  ])('%s: %s becomes %s', (name, value, expected) => {
    expect(edit(rewriteRedirects(), [name, value], { targetProfile: 'java', cookies })).toEqual([name, expected]);
  });

  test.each<Partial<ApplicationSettings>>([{ targetProfile: 'java' }, { targetProfile: 'java', cookies: null }, { cookies }])(
    'with %j the session in an address is the browser’s, as it was',
    (application) => {
      const headers = ['Location', '/app;jsessionid=x'];
      expect(edit(rewriteRedirects(), headers, application)).toEqual(headers);
    },
  );
});

describe('guard-cookies', () => {
  test.each<readonly [cookie: string, kept: string[]]>([
    ['a=1; Path=/', ['a=1; Path=/; Secure']],
    ['a=1; Domain=.example; HttpOnly', ['a=1; HttpOnly; Secure']],
    ['a=1; DOMAIN = example; secure', ['a=1; secure']],
    ['__Host-wardgate=x; Path=/; Secure', []],
    ['wardgate=x', []],
    ['WardGate-Browser=x', []],
    ['ward_gate=x', []],
    ['=wardgate=x', []],
    [' = wardgate=x', []],
    ['wardgate', []],
    ['=', ['=; Secure']],
  ])('Set-Cookie: %j leaves %j', (cookie, kept) => {
    expect(
      edit(guardCookies({ standings: new FakeStandings(), learnEhrSessions: () => undefined }), ['Set-Cookie', cookie]),
    ).toEqual(kept.flatMap((value) => ['Set-Cookie', value]));
  });

  test('each cookie is judged by itself, and other headers stay', () => {
    const given = ['set-cookie', 'a=1', 'X-A', '1', 'Set-Cookie', 'wardgate=x', 'Set-Cookie', 'b=2'];
    expect(
      edit(guardCookies({ standings: new FakeStandings(), learnEhrSessions: () => undefined }), given, { secure: false }),
    ).toEqual(['set-cookie', 'a=1', 'X-A', '1', 'Set-Cookie', 'b=2']);
  });
});

describe('forbid-caching', () => {
  test.each<readonly [category: string, headers: string[], kept: string[]]>([
    ['chart', [], ['cache-control', 'no-store']],
    [
      'chart',
      ['Cache-Control', 'public, max-age=3600', 'Pragma', 'cache', 'Expires', 'x', 'Age', '5', 'ETag', 'a'],
      ['ETag', 'a', 'cache-control', 'no-store'],
    ],
    [
      'static',
      ['Cache-Control', 'public, max-age=3600', 'Expires', 'x'],
      ['Expires', 'x', 'cache-control', 'private, max-age=3600'],
    ],
    ['static', ['Cache-Control', 's-maxage=9'], ['cache-control', 'private, no-cache']],
    ['static', [], ['cache-control', 'private, no-cache']],
  ])('%s with %j: %j', (category, headers, kept) => {
    expect(edit(forbidCaching(), headers, {}, category)).toEqual(kept);
  });
});

describe('refuse-ehr-challenge', () => {
  const own = { by: 'basic-own-password' } as const;
  const header = { by: 'header', name: 'X' } as const;
  const recipe = { by: 'recipe' } as unknown as ApplicationSettings['signOn'];
  const sent = ['authorization', 'Basic eDp5'];

  test.each<
    readonly [
      status: number,
      headers: string[],
      signOn: ApplicationSettings['signOn'],
      result: string | undefined,
      refused: number,
    ]
  >([
    [401, ['WWW-Authenticate', 'Basic'], own, 'ehr-credential-refused', 1],
    [401, ['WWW-Authenticate', 'Negotiate'], header, 'ehr-sign-on-failed', 0],
    [401, ['WWW-Authenticate', 'Basic'], { by: 'basic-account', account: 'a', password: 'b' }, 'ehr-sign-on-failed', 0],
    [401, ['WWW-Authenticate', 'Basic'], { by: 'basic-roles', roles: new Map() }, 'ehr-sign-on-failed', 0],
    [401, ['WWW-Authenticate', 'Basic'], { by: 'none' }, undefined, 0],
    [401, ['WWW-Authenticate', 'Basic'], recipe, undefined, 0],
    [401, [], own, undefined, 0],
    [200, ['WWW-Authenticate', 'Basic'], own, undefined, 0],
  ])('%i %j', async (status, headers, signOn, result, refused) => {
    const told: unknown[] = [];
    const step = refuseEhrChallenge({ ehrRefusedCredential: async (...what) => void told.push(what) });
    const reply = replyOf([...headers, 'X-A', '1'], status);
    const session = { reference: 'r' };
    const facts = {
      application: applicationOf({ signOn }),
      session,
      method: 'GET',
      target: targetOf('/a?b=1'),
      ehrHeaders: sent,
    };
    const ended = await step(facts as unknown as ReplyFacts, reply);
    expect(reasonOf(ended)).toBe(result);
    expect([reply.headers, told]).toEqual([['X-A', '1'], Array.from({ length: refused }, () => [session, 'ehr', sent])]);
    if (refused > 0)
      expect(ended).toMatchObject({ answer: { remedy: '/.wardgate/credential?application=ehr&return=%2Fa%3Fb%3D1' } });
  });
});
