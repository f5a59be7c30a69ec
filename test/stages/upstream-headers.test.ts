import { describe, expect, test } from 'vitest';
import type { ApplicationSettings } from '../../src/config/settings.ts';
import { upstreamHeaders } from '../../src/stages/upstream-headers.ts';
import { applicationOf, exchangeOf, headersOf } from '../support/edge-facts.ts';

interface Given {
  readonly headers?: Readonly<Record<string, string>>;
  readonly application?: Partial<ApplicationSettings>;
  readonly more?: object;
  readonly bodyBytes?: number | null;
}

function run({ headers = {}, application = {}, more = {}, bodyBytes = 0 }: Given): [string, string][] {
  const session = { subject: { name: 'nurse', sub: 's-1', issuer: 'i' }, roles: ['nurse', 'records'], reference: 'ref' };
  const facts = {
    application: applicationOf(application),
    headers: headersOf(headers),
    exchange: exchangeOf([], { bodyBytes }),
    method: 'GET',
    shape: 'page',
    address: '10.1.1.1',
    id: 'r-1',
    session,
    ehrHeaders: [],
    ...more,
  };
  const flat = upstreamHeaders({ identityToken: () => 'token' }, facts as never);
  return flat.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : []));
}

const named = (all: readonly [string, string][], name: string): string[] => all.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value); // prettier-ignore

test('what goes on is listed, and nothing else', () => {
  const sent = run({
    headers: {
      accept: 'a',
      'if-match': '"x"',
      'x-remote-user': 'admin',
      authorization: 'Bearer x',
      te: 'trailers',
      upgrade: 'h2c',
      x_forwarded_for: '1',
      connection: 'x',
      expect: '100-continue',
    },
  });
  expect(sent).toEqual([
    ['host', 'ehr.example'],
    ['accept', 'a'],
    ['if-match', '"x"'],
    ['x-forwarded-for', '10.1.1.1'],
    ['x-forwarded-proto', 'https'],
    ['x-forwarded-host', 'ehr.example'],
    ['forwarded', 'for=10.1.1.1;host="ehr.example";proto=https'],
    ['x-request-id', 'r-1'],
  ]);
});

describe('our word', () => {
  const identityHeaders = { name: 'X-User', subject: 'X-Sub', roles: 'X-Roles', session: 'X-Session', jwt: 'X-Jwt' };

  test('comes last, once, and never from the client, whatever else the configuration lets pass', () => {
    const spoofed = {
      'x-user': 'admin',
      'x-sub': 'admin',
      'x-roles': 'it',
      'x-session': 'a',
      'x-jwt': 'b',
      'x-remote-user': 'admin',
    };
    const passHeaders = ['X-User', 'x-roles', 'X-Remote-User', 'X-Site'];
    const application = { identityHeaders, passHeaders, signOn: { by: 'header', name: 'X-Remote-User' } as const };
    const sent = run({
      headers: { ...spoofed, 'x-site': 'north' },
      application,
      more: { ehrHeaders: ['X-Remote-User', 'nurse'] },
    });
    expect(sent.slice(-6)).toEqual([['X-User', 'nurse'], ['X-Sub', 's-1'], ['X-Roles', 'nurse,records'], ['X-Session', 'ref'], ['X-Jwt', 'token'], ['X-Remote-User', 'nurse']]); // prettier-ignore
    for (const name of Object.keys(spoofed)) expect(named(sent, name)).toHaveLength(1);
    expect(named(sent, 'x-site')).toEqual(['north']);
  });

  test('is not said where it is not configured', () => {
    expect(run({}).map(([name]) => name).filter((name) => name.startsWith('X-'))).toEqual([]); // prettier-ignore
  });
});

test.each([
  ['a=1; __Host-wardgate=x; b=2', ['a=1; b=2']],
  ['wardgate-signin=x', []],
  ['__Secure-Wardgate=x; WARD_GATE=y; a=1', ['a=1']],
  ['$Version=1; __Host-wardgate=x', ['$Version=1']],
])('of the cookies %j the EHR sees %j', (cookie, kept) => {
  expect(named(run({ headers: { cookie } }), 'cookie')).toEqual(kept);
});

test.each<readonly [method: string, bytes: number | null, sent: string[]]>([
  ['GET', 0, []],
  ['HEAD', 0, []],
  ['POST', 0, ['0']],
  ['POST', 5, ['5']],
  ['POST', null, []],
])('%s with %s bytes states %j', (method, bodyBytes, sent) => {
  expect(named(run({ more: { method }, bodyBytes }), 'content-length')).toEqual(sent);
});

test.each<readonly [shape: string, offered: string, allowed: readonly string[], sent: string[]]>([
  ['upgrade', 'chat, admin', ['chat'], ['chat']],
  ['upgrade', 'admin', ['chat'], []],
  ['upgrade', 'chat', [], []],
  ['page', 'chat', ['chat'], []],
])('%s offering %s where %j may pass', (shape, offered, webSocketProtocols, sent) => {
  const all = run({ headers: { 'sec-websocket-protocol': offered }, application: { webSocketProtocols }, more: { shape } });
  expect(named(all, 'sec-websocket-protocol')).toEqual(sent);
});

test('an IPv6 address is quoted, the upstream may want its own name, names beyond Latin-1 are encoded', () => {
  const subject = { name: 'Zoë 山', sub: 's', issuer: 'i' };
  const sent = run({
    application: {
      hostHeader: 'upstream',
      secure: false,
      identityHeaders: { name: 'X-User', subject: null, roles: null, session: null, jwt: null },
    },
    more: { address: '2001:db8::1', session: { subject, roles: [], reference: 'r' } },
  });
  expect(named(sent, 'forwarded')).toEqual(['for="[2001:db8::1]";host="ehr.example";proto=http']);
  expect(named(sent, 'host')).toEqual(['10.0.0.5:8080']);
  expect(named(sent, 'x-user')).toEqual(['Zo%C3%AB%20%E5%B1%B1']);
});
