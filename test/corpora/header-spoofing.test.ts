// Header lines with which a client may try to pass for somebody else, another address, method or path: sent with every
// request that is allowed, once to an EHR that is told nothing of the person and once to one that is told everything.
// The folder of the corpus is in WARDGATE_CORPORA; without it a small table of our own is used.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawAnswer } from '../support/raw-connection.ts';
import { eventually } from '../support/demo-story.ts';
import type { WireRequest } from '../support/wire-ehr.ts';
import { wireHost, wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';
import { ownHeaderSpoofing } from './own-header-spoofing.ts';
import type { SpoofedHeader } from './own-header-spoofing.ts';

const items = load(process.env['WARDGATE_CORPORA']);

function load(folder: string | undefined): readonly SpoofedHeader[] {
  if (folder === undefined) return ownHeaderSpoofing;
  return (JSON.parse(readFileSync(join(folder, 'header-spoofing.json'), 'utf8')) as { readonly items: readonly SpoofedHeader[] })
    .items;
}

/** Header → the one value that the EHR may see under it, or any of its folded spellings. */
const everythingTold: ReadonlyMap<string, RegExp> = new Map([
  ['x-remote-user', /^nurse$/],
  ['remote-user', /^nurse$/],
  ['x-auth-request-user', /^nurse$/],
  ['x-gateway-user', /^nurse$/],
  ['x-wardgate-session', /^[\w-]{20,}$/],
  ['x-wardgate-token', /^[\w-]+\.[\w-]+\.[\w-]+$/],
]);
const always: ReadonlyMap<string, RegExp> = new Map([
  ['x-forwarded-for', /^127\.0\.0\.1$/],
  ['x-forwarded-proto', /^http$/],
  ['x-forwarded-host', new RegExp(`^${wireHost}$`)],
  ['forwarded', new RegExp(`^for=127\\.0\\.0\\.1;host="${wireHost}";proto=http$`)],
]);
/** Passed on as the browser sent it: it says nothing about who or where. */
const passes = new Set(['accept-encoding', 'range']);

const full = [
  'signOn: { header: X-Remote-User }',
  'identityHeaders: { name: Remote-User, subject: X-Auth-Request-User, roles: X-Gateway-User, session: X-Wardgate-Session, jwt: X-Wardgate-Token }',
  'passHeaders: [X-Clinic-Site]',
];

let silent: WireStory;
let telling: WireStory;

beforeAll(async () => {
  const gatewayLines = ['limits: { anonymousRecordsPerMinute: 10000, drain: 1s }'];
  silent = await wireStory({ gatewayLines });
  telling = await wireStory({ gatewayLines, wireLines: full });
});
afterAll(async () => {
  await silent.close();
  await telling.close();
});

interface Played {
  readonly answer: RawAnswer;
  readonly seen: readonly WireRequest[];
  readonly logged: readonly Record<string, unknown>[];
}

async function play(wire: WireStory, item: SpoofedHeader): Promise<Played> {
  const seen = wire.ehr.requests.length;
  const logged = wire.records().length;
  const connection = await wire.open();
  connection.send(request(wire, item));
  const answer = await connection.answered();
  await connection.close();
  if (answer.status === 200)
    await eventually(
      () =>
        wire
          .records()
          .slice(logged)
          .some((one) => one['event'] === 'outcome'),
      'the outcome',
    );
  return { answer, seen: wire.ehr.requests.slice(seen), logged: wire.records().slice(logged) };
}

function request(wire: WireStory, { class: kind, header_lines: lines }: SpoofedHeader): string {
  const [host = '', port = ''] = wireHost.split(':');
  const filled = lines.map((line) =>
    line
      .replaceAll(
        /(gw\.exam\xADple|gw\.example)(?=:|$)/gi,
        (name) =>
          `${name === name.toUpperCase() ? host.toUpperCase() : name.replace(/gw\.example/, host)}${/:\d/.test(line) || kind !== 'host' ? '' : `:${port}`}`,
      )
      .replaceAll('gw.example', host)
      .replaceAll('__Host-gw=VALID', wire.cookie)
      .replaceAll('__Host-gw', wire.cookie.split('=', 1)[0] ?? ''),
  );
  const body = kind === 'trailer' ? `2\r\nok\r\n0\r\n${(lines[0] ?? '').replace('Trailer: ', '')}: admin\r\n\r\n` : '';
  const head = [
    `${kind === 'trailer' ? 'POST' : 'GET'} /spoof HTTP/1.1`,
    ...(lines.some((line) => /^host:/i.test(line)) ? [] : [`Host: ${wireHost}`]),
    ...(kind === 'cookie' ? [] : [`Cookie: ${wire.cookie}; EHRSESS=LEGACY`]),
    ...(kind === 'trailer' ? ['Transfer-Encoding: chunked'] : []),
    ...filled,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

const folded = (name: string): string => name.toLowerCase().replaceAll(/[_.]/g, '-').replace(/^http-/, '').replaceAll(/-+/g, '-').replaceAll(/^-|-$/g, ''); // prettier-ignore

/** Whatever the EHR sees under a name of the item, or one that an old server would fold onto it, is our word or nothing. */
function expectOurWord(item: SpoofedHeader, seen: WireRequest, told: ReadonlyMap<string, RegExp>): void {
  const ours = new Map([...always, ...told]);
  const names = item.header_lines
    .flatMap((line) => line.split(/\r|\n/))
    .map((line) => folded(line.slice(0, line.indexOf(':')).trim()));
  for (const name of names) {
    if (passes.has(name) || name === 'cookie' || name === 'user-agent' || name === 'host') continue;
    const found = seen.headers.filter(([one]) => folded(one) === name);
    const own = ours.get(name);
    const values = found.map(([, value]) => value);
    if (own === undefined)
      expect(name === 'connection' ? values.filter((value) => value !== 'keep-alive' && value !== 'close') : values).toEqual([]);
    else expect([found.map(([one]) => one), values]).toEqual([[name], [expect.stringMatching(own)]]);
  }
  expect(seen.headers.filter(([name]) => name === 'host')).toEqual([['host', wireHost]]);
  for (const [name, value] of told) expect(seen.headers.find(([one]) => one === name)?.[1]).toMatch(value);
  for (const [name, value] of seen.headers) {
    expect(name).toMatch(/^[a-z0-9-]+$/);
    if (name !== 'user-agent') expect(value).not.toMatch(/admin|root|evil|alice/);
  }
}

const judges: Readonly<Record<string, (item: SpoofedHeader, played: Played, told: ReadonlyMap<string, RegExp>) => void>> = {
  'gateway-value-only': allowed,
  'absent-upstream': allowed,
  'log-escaped': (item, played, told) => {
    allowed(item, played, told);
    expect(played.logged.every((one) => one['agent'] === item.header_lines[0]?.slice('User-Agent: '.length))).toBe(true);
  },
  'gateway-framing-unchanged': (item, played, told) => {
    allowed(item, played, told);
    expect(played.seen[0]?.headers.find(([name]) => name === 'cookie')).toEqual(['cookie', 'EHRSESS=LEGACY']);
  },
  'gateway-socket-ip-only': (item, played, told) => {
    allowed(item, played, told);
    expect(new Set(played.logged.map((one) => one['address']))).toEqual(new Set(['127.0.0.1']));
  },
  'reject-400': (item, { answer, seen }) => {
    expect(item.class === 'host' ? [400, 421] : [400]).toContain(answer.status);
    expect(seen).toEqual([]);
  },
  'log-truncated': (item, played, told) => {
    allowed(item, played, told);
    expect(played.logged.length).toBeGreaterThan(0);
    for (const one of played.logged) expect(String(one['agent']).length).toBeLessThan(600);
  },
  normalise: allowed,
  'deny-session': noSession,
  anonymous: (item, played, told) => {
    if (item.class === 'cookie') noSession(item, played);
    else allowed(item, played, told);
  },
  'strip-gateway-cookie': (item, played, told) => {
    allowed(item, played, told);
    expect(played.seen[0]?.headers.filter(([name]) => name === 'cookie')).toEqual([['cookie', 'EHRSESS=LEGACY']]);
  },
};

function allowed(item: SpoofedHeader, { answer, seen }: Played, told: ReadonlyMap<string, RegExp>): void {
  expect(answer).toMatchObject({ status: 200, complete: true });
  expect(seen).toHaveLength(1);
  for (const one of seen) {
    expectOurWord(item, one, told);
    expect(one.line).toMatch(/^(?:GET|POST) \/spoof HTTP\/1\.1$/);
  }
}

function noSession(_item: SpoofedHeader, { answer, seen }: Played): void {
  expect([303, 401]).toContain(answer.status);
  expect(seen).toEqual([]);
}

/** Items whose verdict leaves a choice or is about something else: what the house does, and why. */
const houseVerdicts: Readonly<Record<string, string>> = {
  'normalise-or-reject': 'reject-400',
  'reject-421-or-400': 'reject-400',
  'session-or-anonymous': 'strip-gateway-cookie-or-none',
  'counts-as-download': 'absent-upstream',
};

function verdictOf(item: SpoofedHeader): string {
  return houseVerdicts[item.expect] ?? item.expect;
}

describe.each([
  ['an EHR that is told nothing', () => silent, new Map<string, RegExp>()],
  ['an EHR that is told everything', () => telling, everythingTold],
])('%s', (_name, wire, told) => {
  test.each(items.filter((item) => verdictOf(item) in judges))('$id $class $header_lines', async (item) => {
    judges[verdictOf(item)]?.(item, await play(wire(), item), told);
  });
});

describe('the others', () => {
  const others = items.filter((item) => !(verdictOf(item) in judges));

  test.each(others)('$id $class $expect', async (item) => {
    const played = await play(telling, item);
    if (item.expect === 'login-and-state-change-denied') return expectCrossSiteRefused(item);
    if (item.expect === 'session-or-anonymous') {
      const cookies = played.seen.flatMap(({ headers }) => headers).filter(([name]) => name === 'cookie');
      return expect(cookies.map(([, value]) => value).join('')).not.toContain('wardgate');
    }
    // Sizes: let through whole, or refused whole.
    expect([200, 400, 416, 431]).toContain(played.answer.status);
    return expect(played.seen).toHaveLength(played.answer.status === 200 ? 1 : 0);
  });

  async function expectCrossSiteRefused(item: SpoofedHeader): Promise<void> {
    const connection = await telling.open();
    connection.send(
      `POST /.wardgate/sign-out HTTP/1.1\r\nHost: ${wireHost}\r\nCookie: ${telling.cookie}\r\nContent-Length: 0\r\n${item.header_lines.join('\r\n')}\r\n\r\n`,
    );
    expect((await connection.answered()).status).toBe(403);
    await connection.close();
    expect((await telling.ask('GET /still-signed-in')).status).toBe(200);
  }
});

test('a header that the configuration lets pass arrives, in whatever case it was written there', async () => {
  const before = telling.ehr.requests.length;
  expect((await telling.ask('GET /a', ['X-Clinic-Site: north'])).status).toBe(200);
  expect(telling.ehr.requests[before]?.headers).toContainEqual(['x-clinic-site', 'north']);
});

test('no item was passed over', () => {
  expect(items.length).toBeGreaterThan(30);
  expect(items.filter((item) => verdictOf(item) in judges).length).toBeGreaterThan(items.length * 0.9);
});
