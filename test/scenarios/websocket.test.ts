// WebSockets under the same rules as everything else: a handshake of our own on both sides, no way round the rules, on
// record before the 101, and never longer than the session or the gateway.

import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { header } from '../support/raw-connection.ts';
import type { RawConnection } from '../support/raw-connection.ts';
import { answerOk, answerRaw } from '../support/wire-ehr.ts';
import type { WireAnswer, WireRequest } from '../support/wire-ehr.ts';
import { wireHost, wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

const clientKey = 'dGhlIHNhbXBsZSBub25jZQ==';
const clientAccept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

const asked: Readonly<Record<string, string>> = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': clientKey,
  Origin: `http://${wireHost}`,
};

/** The handshake's header lines with some of them changed; an empty text leaves one out. */
function handshake(changes: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries({ ...asked, ...changes }).filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`); // prettier-ignore
}

function acceptFor({ headers }: WireRequest): string {
  const key = headers.find(([name]) => name === 'sec-websocket-key')?.[1] ?? '';
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

const switching = (request: WireRequest, ...more: string[]): string =>
  [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    ...more,
    `Sec-WebSocket-Accept: ${acceptFor(request)}`,
    '',
    '',
  ].join('\r\n');

const accepts: WireAnswer = (request) => void request.socket.write(switching(request), 'latin1');

let wire: WireStory;
const opened: RawConnection[] = [];

beforeAll(async () => {
  wire = await wireStory({
    gatewayLines: ['limits: { upstreamHeaders: 1s, webSocketsPerPerson: 2, drain: 1s }'],
    wireLines: ['webSocketProtocols: [chat, chat2]'],
    wireRules: ['{ name: physicians, application: wire, paths: ["/ws/physicians"], allow: physician, webSocket: true }'],
  });
});
afterAll(async () => wire.close());
afterEach(async () => {
  wire.ehr.answer = answerOk;
  for (const connection of opened.splice(0)) await connection.close();
  await eventually(() => wire.demo.gateway.composed.live.sessions().length === 0, 'nothing to be alive');
});

async function send(text: string): Promise<RawConnection> {
  const connection = await wire.open();
  opened.push(connection);
  return connection.send(text);
}

const outcomeOf = (path: string): Promise<Record<string, unknown>> =>
  eventually(() => wire.records().find((one) => one['event'] === 'outcome' && one['target'] === path), `the outcome of ${path}`);

describe('refused before the EHR hears of it', () => {
  const anonymous = (line: string, lines: readonly string[]): string =>
    [`${line} HTTP/1.1`, `Host: ${wireHost}`, ...lines, '', ''].join('\r\n');

  test.each<readonly [what: string, text: () => string, status: number, reason: string]>([
    ['nobody has signed in', () => anonymous('GET /ws/a', handshake()), 401, 'sign-in-required'],
    ['the role may not', () => wire.head('GET /ws/physicians', ...handshake()), 403, 'role-not-permitted'],
    ['the rule permits no live connection', () => wire.head('GET /plain', ...handshake()), 403, 'upgrade-not-permitted'],
    [
      'another site asks',
      () => wire.head('GET /ws/a', ...handshake({ Origin: 'http://evil.test' })),
      403,
      'origin-not-permitted',
    ],
    ['a sandboxed frame asks', () => wire.head('GET /ws/a', ...handshake({ Origin: 'null' })), 403, 'origin-not-permitted'],
    [
      'another scheme asks',
      () => wire.head('GET /ws/a', ...handshake({ Origin: `https://${wireHost}` })),
      403,
      'origin-not-permitted',
    ],
    [
      'another application asks',
      () => wire.head('GET /ws/a', ...handshake({ Origin: wire.demo.origin })),
      403,
      'origin-not-permitted',
    ],
    ['no origin is named', () => wire.head('GET /ws/a', ...handshake({ Origin: '' })), 403, 'origin-not-permitted'],
    [
      'two origins are named',
      () => wire.head('GET /ws/a', ...handshake(), `Origin: http://${wireHost}`),
      400,
      'header-malformed',
    ],
    [
      'the version is another',
      () => wire.head('GET /ws/a', ...handshake({ 'Sec-WebSocket-Version': '8' })),
      426,
      'upgrade-version',
    ],
    ['there is no version', () => wire.head('GET /ws/a', ...handshake({ 'Sec-WebSocket-Version': '' })), 426, 'upgrade-version'],
    ['the key is short', () => wire.head('GET /ws/a', ...handshake({ 'Sec-WebSocket-Key': 'abc' })), 400, 'upgrade-malformed'],
    ['there is no key', () => wire.head('GET /ws/a', ...handshake({ 'Sec-WebSocket-Key': '' })), 400, 'upgrade-malformed'],
    ['the method is another', () => wire.head('POST /ws/a', ...handshake(), 'Content-Length: 0'), 400, 'upgrade-malformed'],
    [
      'Connection does not say so',
      () => wire.head('GET /ws/a', ...handshake({ Connection: 'keep-alive' })),
      400,
      'upgrade-malformed',
    ],
    ['it has a body', () => `${wire.head('GET /ws/a', ...handshake(), 'Content-Length: 5')}hello`, 400, 'body-not-accepted'],
    ['the path is one of ours', () => wire.head('GET /.wardgate/sign-in', ...handshake()), 404, 'page-not-found'],
    [
      'the host is another',
      () => wire.head('GET /ws/a', ...handshake()).replace(`Host: ${wireHost}`, 'Host: evil.test'),
      421,
      'host-unknown',
    ],
    [
      'the version of HTTP is older',
      () => wire.head('GET /ws/a', ...handshake()).replace('HTTP/1.1', 'HTTP/1.0'),
      505,
      'version-unsupported',
    ],
  ])('when %s', async (_what, text, status, reason) => {
    const before = wire.ehr.accepted();
    const logged = wire.records().length;
    const connection = await send(text());
    const answer = await connection.answered();
    expect(answer.status).toBe(status);
    if (status === 426) expect(header(answer, 'sec-websocket-version')).toBe('13');
    await connection.ended();
    expect(connection.received).not.toContain('HTTP/1.1 101');
    expect(wire.ehr.accepted()).toBe(before);
    const refusal = await eventually(
      () =>
        wire
          .records()
          .slice(logged)
          .find((one) => one['event'] === 'refusal'),
      'the record',
    );
    expect(refusal).toMatchObject({ status, reason, decision: 'refused' });
  });

  test('when the person has as many as they may have, and not when one has gone', async () => {
    wire.ehr.answer = accepts;
    const lines = handshake();
    const first = await send(wire.head('GET /ws/1', ...lines));
    expect((await first.answered()).status).toBe(101);
    expect((await (await send(wire.head('GET /ws/2', ...lines))).answered()).status).toBe(101);
    const before = wire.ehr.accepted();
    expect((await (await send(wire.head('GET /ws/3', ...lines))).answered()).status).toBe(503);
    expect(wire.ehr.accepted()).toBe(before);
    await first.close();
    await outcomeOf('/ws/1');
    expect((await (await send(wire.head('GET /ws/4', ...lines))).answered()).status).toBe(101);
  });
});

describe('permitted', () => {
  test('it carries bytes both ways, on record before the EHR sees it and with its bytes at the end', async () => {
    let recordedFirst = false;
    wire.ehr.answer = (request) => {
      recordedFirst = wire.records().some((one) => one['event'] === 'attempt' && one['target'] === '/ws/talk');
      accepts(request);
    };
    const before = wire.ehr.requests.length;
    const connection = await send(
      wire.head('GET /ws/talk', ...handshake({ 'Sec-WebSocket-Extensions': 'permessage-deflate' }), 'X-Remote-User: admin'),
    );
    const answer = await connection.answered();
    expect(answer.status).toBe(101);
    expect(recordedFirst).toBe(true);
    expect(header(answer, 'sec-websocket-accept')).toBe(clientAccept);
    expect(header(answer, 'sec-websocket-extensions')).toBeUndefined();

    const [request] = wire.ehr.requests.slice(before);
    if (!request) throw new Error('The EHR saw no handshake');
    const named = (name: string): string[] => request.headers.filter(([one]) => one === name).map(([, value]) => value);
    expect(request.line).toBe('GET /ws/talk HTTP/1.1');
    expect([named('upgrade'), named('connection').map((value) => value.toLowerCase()), named('sec-websocket-version')]).toEqual([
      ['websocket'],
      ['upgrade'],
      ['13'],
    ]);
    expect([named('sec-websocket-extensions'), named('x-remote-user'), named('cookie')]).toEqual([[], [], []]);
    expect(named('sec-websocket-key')).toEqual([expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/)]);
    expect(named('sec-websocket-key')).not.toContain(clientKey);

    let heard = '';
    request.socket.on('data', (text: string) => void (heard += text));
    connection.send('to the EHR');
    await eventually(() => heard === 'to the EHR', 'the EHR to hear');
    request.socket.write('y'.repeat(300_000));
    await eventually(() => connection.received.endsWith('y'.repeat(300_000)), 'the client to hear');
    await connection.close();
    await eventually(() => request.socket.destroyed, 'the EHR to be let go');
    expect(await outcomeOf('/ws/talk')).toMatchObject({
      status: 101,
      bytesOut: 300_000,
      rule: 'wire-socket',
      decision: 'allowed',
    });
  });

  test('the last words of the EHR arrive before the end', async () => {
    wire.ehr.answer = (request) => void request.socket.end(`${switching(request)}goodbye`, 'latin1');
    const connection = await send(wire.head('GET /ws/bye', ...handshake()));
    await connection.ended();
    expect(connection.received.endsWith('\r\n\r\ngoodbye')).toBe(true);
    expect(await outcomeOf('/ws/bye')).toMatchObject({ status: 101, bytesOut: 7 });
  });

  test('only subprotocols that the configuration names are offered, and the chosen one is passed on', async () => {
    const before = wire.ehr.requests.length;
    wire.ehr.answer = (request) => void request.socket.write(switching(request, 'Sec-WebSocket-Protocol: chat'), 'latin1');
    const connection = await send(
      wire.head('GET /ws/chat', ...handshake(), 'Sec-WebSocket-Protocol: admin, chat', 'Sec-WebSocket-Protocol: chat2'),
    );
    expect(header(await connection.answered(), 'sec-websocket-protocol')).toBe('chat');
    expect(wire.ehr.requests[before]?.headers.filter(([name]) => name === 'sec-websocket-protocol')).toEqual([
      ['sec-websocket-protocol', 'chat, chat2'],
    ]);
  });
});

describe('the EHR answers the handshake otherwise', () => {
  test.each<readonly [what: string, answer: WireAnswer, status: number]>([
    ['with 403', answerRaw('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'), 403],
    ['with a page', answerRaw('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno'), 200],
    [
      'for another key',
      answerRaw(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${clientAccept}\r\n\r\n`,
      ),
      502,
    ],
    [
      'with another protocol',
      (request) => void request.socket.write(switching(request).replace('Upgrade: websocket', 'Upgrade: h2c')),
      502,
    ],
    [
      'with an extension',
      (request) => void request.socket.write(switching(request, 'Sec-WebSocket-Extensions: permessage-deflate')),
      502,
    ],
    [
      'with a subprotocol nobody offered',
      (request) => void request.socket.write(switching(request, 'Sec-WebSocket-Protocol: chat')),
      502,
    ],
    ['with a reset', ({ socket }) => void socket.resetAndDestroy(), 502],
    ['not at all', () => undefined, 504],
  ])('%s: the sockets are never joined', async (what, answer, status) => {
    wire.ehr.answer = answer;
    const path = `/ws/odd-${what.replaceAll(' ', '-')}`;
    const before = wire.ehr.requests.length;
    const connection = await send(wire.head(`GET ${path}`, ...handshake()));
    const given = await connection.answered();
    expect(given).toMatchObject({ status, complete: true });
    if (status < 500) expect(given.body).toBe('no');
    connection.send('GET /admin HTTP/1.1\r\n\r\n');
    await connection.ended();
    await eventually(() => wire.ehr.requests[before]?.socket.destroyed, 'the EHR to be let go');
    expect(wire.ehr.requests).toHaveLength(before + 1);
    expect(await outcomeOf(path)).toMatchObject({ status });
  });

  test('with an ordinary answer that breaks off: it never looks whole', async () => {
    wire.ehr.answer = answerRaw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', true);
    const connection = await send(wire.head('GET /ws/half', ...handshake()));
    expect((await connection.answered()).complete).toBe(false);
    expect(await outcomeOf('/ws/half')).toMatchObject({ reason: 'upstream-cut' });
  });

  test('too late for the client, which has left', async () => {
    wire.ehr.answer = () => undefined;
    const before = wire.ehr.requests.length;
    const connection = await send(wire.head('GET /ws/left', ...handshake()));
    const request = await eventually(() => wire.ehr.requests[before], 'the handshake');
    await connection.close();
    await eventually(() => request.socket.destroyed, 'the EHR to be let go');
    expect(await outcomeOf('/ws/left')).toMatchObject({ reason: 'client-abort' });
  });
});

test.each(['h2c', 'TLS/1.0', 'h2c, websocket'])('"Upgrade: %s" is served as the plain request it also is', async (protocol) => {
  const before = wire.ehr.requests.length;
  const connection = await send(
    wire.head('GET /plain', 'Connection: Upgrade, HTTP2-Settings', `Upgrade: ${protocol}`, 'HTTP2-Settings: AAMAAABkAAQAAP__'),
  );
  expect(await connection.answered()).toMatchObject({ status: 200, body: 'ok' });
  const names = wire.ehr.requests[before]?.headers.map(([name]) => name) ?? [];
  expect(names).not.toContain('upgrade');
  expect(names).not.toContain('http2-settings');
});

test('it ends with 4401 when its session ends', async () => {
  wire.ehr.answer = accepts;
  const connection = await send(wire.head('GET /ws/signed-out', ...handshake()).replace(wire.cookie, wire.otherCookie));
  expect((await connection.answered()).status).toBe(101);
  const other = await wire.open();
  other.send(
    `POST /.wardgate/sign-out HTTP/1.1\r\nHost: ${wireHost}\r\nCookie: ${wire.otherCookie}\r\nOrigin: http://${wireHost}\r\nContent-Length: 0\r\n\r\n`,
  );
  expect((await other.answered()).status).toBeLessThan(400);
  await other.close();
  await connection.ended();
  expect(connection.received.endsWith('\x88\x02\x11\x31')).toBe(true);
  expect(await outcomeOf('/ws/signed-out')).toMatchObject({ reason: 'session-ended' });
});
