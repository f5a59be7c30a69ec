// The EHR breaks the protocol in every way that old servers do. The client never takes a broken reply for a whole one, the
// record says how it ended, the next person is not touched by it, and nothing hangs.

import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { header } from '../support/raw-connection.ts';
import { answerOk, answerRaw } from '../support/wire-ehr.ts';
import type { WireAnswer } from '../support/wire-ehr.ts';
import { ownCookie, wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

let wire: WireStory;
let paths = 0;

beforeAll(async () => {
  wire = await wireStory({
    gatewayLines: ['limits: { upstreamHeaders: 1s, upstreamBodyStall: 1s, drain: 1s }'],
    wireRules: ['{ name: patient, application: wire, paths: ["/patient/**"], allow: everyone, timeout: 10s }'],
  });
});
afterAll(async () => wire.close());
afterEach(() => void (wire.ehr.answer = answerOk));

const ok = 'HTTP/1.1 200 OK\r\n';
const long = 'x'.repeat(50);

/** Sends one request to the EHR that answers so; then somebody else's, which must be whole and on another connection. */
async function play(answer: WireAnswer, method = 'GET', body = '') {
  wire.ehr.answer = answer;
  const path = `/hostile-${(paths += 1)}`;
  const given = await wire.ask(`${method} ${path}`, body === '' ? [] : [`Content-Length: ${body.length}`], body);
  const seen = wire.ehr.requests.filter(({ line }) => line.includes(`${path} `));
  expect(seen).toHaveLength(1);
  const outcome = await eventually(
    () => wire.records().find((one) => one['event'] === 'outcome' && one['target'] === path),
    'the outcome',
  );
  wire.ehr.answer = answerOk;
  const connection = await wire.open();
  connection.send(`GET /clean HTTP/1.1\r\nHost: ${wire.host}\r\nCookie: ${wire.otherCookie}\r\n\r\n`);
  expect(await connection.answered()).toMatchObject({ status: 200, body: 'ok', complete: true });
  await connection.close();
  const wasReused = wire.ehr.requests.at(-1)?.connection === seen[0]?.connection;
  return { given, outcome, wasReused };
}

describe('before the reply has a head, the client is told so', () => {
  test.each<readonly [what: string, answer: WireAnswer, status: number, reason: string]>([
    ['resets', ({ socket }) => void socket.resetAndDestroy(), 502, 'upstream-unreachable'],
    ['closes without a word', ({ socket }) => void socket.end(), 502, 'upstream-unreachable'],
    ['says nothing for too long', () => undefined, 504, 'upstream-timeout'],
    ['trickles its headers for too long', ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nX-A'), 504, 'upstream-timeout'],
    ['sends no HTTP', answerRaw('\u0000\u0001 MEADOW/0.9 !!\r\n\r\n', true), 502, 'upstream-misbehaved'],
    [
      'switches protocols unasked',
      answerRaw('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
      502,
      'upstream-misbehaved',
    ],
    [
      'says 100 Continue unasked',
      answerRaw(`HTTP/1.1 100 Continue\r\n\r\n${ok}Content-Length: 2\r\n\r\nok`),
      502,
      'upstream-misbehaved',
    ],
    ['has headers without end', answerRaw(`${ok}X-A: ${'a'.repeat(20_000)}\r\n\r\n`), 502, 'upstream-misbehaved'],
    ['states two lengths', answerRaw(`${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`, true), 502, 'upstream-misbehaved'],
    ['states a length below zero', answerRaw(`${ok}Content-Length: -1\r\n\r\nok`, true), 502, 'upstream-misbehaved'],
    [
      'states a length and a coding',
      answerRaw(`${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, true),
      502,
      'upstream-misbehaved',
    ],
    [
      'has a status of four digits',
      answerRaw('HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok', true),
      502,
      'upstream-misbehaved',
    ],
    ['has the status 099', answerRaw('HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok', true), 502, 'upstream-misbehaved'],
    ['has a NUL in a header', answerRaw(`${ok}X-A: a\u0000b\r\nContent-Length: 2\r\n\r\nok`, true), 502, 'upstream-misbehaved'],
    [
      'has a control character in a header',
      answerRaw(`${ok}X-A: a\u0001b\r\nContent-Length: 2\r\n\r\nok`, true),
      502,
      'upstream-misbehaved',
    ],
    ['has a space in a header name', answerRaw(`${ok}X A: b\r\nContent-Length: 2\r\n\r\nok`, true), 502, 'upstream-misbehaved'],
  ])('an EHR that %s', async (_what, answer, status, reason) => {
    const { given, outcome, wasReused } = await play(answer);
    expect(given).toMatchObject({ status, complete: true });
    expect(given.body).toContain(reason);
    expect(given.body).not.toMatch(/MEADOW|HPE_|UND_ERR|127\.0\.0\.1/);
    expect(outcome).toMatchObject({ status, reason, endedBy: 'forward' });
    expect(wasReused).toBe(false);
  });
});

describe('after the head, the reply breaks off and never looks whole', () => {
  test.each<readonly [what: string, answer: WireAnswer]>([
    ['ends after half its length', answerRaw(`${ok}Content-Length: 100\r\n\r\n${long}`, true)],
    [
      'resets after half its length',
      ({ socket }) => void socket.write(`${ok}Content-Length: 100\r\n\r\n${long}`, () => socket.resetAndDestroy()),
    ],
    ['ends within a chunk', answerRaw(`${ok}Transfer-Encoding: chunked\r\n\r\n64\r\n${long}`, true)],
    ['ends before the last chunk', answerRaw(`${ok}Transfer-Encoding: chunked\r\n\r\n32\r\n${long}\r\n`, true)],
    ['sends a chunk size that is none', answerRaw(`${ok}Transfer-Encoding: chunked\r\n\r\n32\r\n${long}\r\nzz\r\n`, true)],
    ['stays silent for too long', answerRaw(`${ok}Content-Length: 100\r\n\r\n${long}`)],
  ])('an EHR that %s', async (_what, answer) => {
    const { given, outcome, wasReused } = await play(answer);
    expect(given.complete).toBe(false);
    expect(outcome).toMatchObject({ reason: 'upstream-cut', endedBy: 'forward' });
    expect(Number(outcome['bytesOut'])).toBeLessThanOrEqual(50);
    expect(wasReused).toBe(false);
  });
});

describe('what is odd but whole is passed on, and the connection given up where it cannot be trusted', () => {
  test.each<readonly [what: string, answer: WireAnswer, body: string]>([
    ['sends more than its length', answerRaw(`${ok}Content-Length: 2\r\n\r\nokmore`), 'ok'],
    [
      'sends a second answer nobody asked for',
      answerRaw(`${ok}Content-Length: 2\r\n\r\nok${ok}Content-Length: 5\r\n\r\nstray`),
      'ok',
    ],
    ['closes at the end', answerRaw(`${ok}Connection: close\r\n\r\n${long}`, true), long],
  ])('an EHR that %s', async (_what, answer, body) => {
    const { given, outcome, wasReused } = await play(answer);
    expect(given).toMatchObject({ status: 200, body, complete: true });
    expect(outcome).toMatchObject({ status: 200, decision: 'allowed', bytesOut: body.length });
    expect(outcome).not.toHaveProperty('reason');
    expect(wasReused).toBe(false);
  });

  test.each(['102 Processing', '103 Early Hints'])('"%s" before the answer is not passed on', async (interim) => {
    const connection = await wire.open();
    wire.ehr.answer = answerRaw(`HTTP/1.1 ${interim}\r\nLink: </a.css>\r\n\r\n${ok}Content-Length: 2\r\n\r\nok`);
    connection.send(wire.head('GET /x'));
    expect(await connection.answered()).toMatchObject({ status: 200, body: 'ok' });
    expect(connection.received.startsWith('HTTP/1.1 200 OK\r\n')).toBe(true);
    await connection.close();
  });

  test('a body behind 204 reaches nobody', async () => {
    const { given, wasReused } = await play(answerRaw('HTTP/1.1 204 No Content\r\n\r\nstray'));
    expect(given).toMatchObject({ status: 204, body: '' });
    expect(wasReused).toBe(false);
  });

  test('an answer before the request was read is passed on, and both connections end', async () => {
    wire.ehr.answer = answerOk;
    const before = wire.ehr.requests.length;
    const connection = await wire.open();
    connection.send(`${wire.head('POST /early', 'Content-Length: 500000')}${'x'.repeat(1000)}`);
    const answer = await connection.answered();
    expect(answer).toMatchObject({ status: 200, body: 'ok', complete: true });
    expect(header(answer, 'connection')).toBe('close');
    await connection.ended();
    await eventually(() => wire.ehr.requests[before]?.socket.destroyed, 'the connection to the EHR to end');
  });

  test('each of two cookies arrives, one that looks like ours does not', async () => {
    const { given } = await play(
      answerRaw(
        `${ok}Set-Cookie: a=1; Domain=evil.test\r\nSet-Cookie: b=2\r\nSet-Cookie: wardgate=x\r\nset-cookie: =wardgate=x\r\nContent-Length: 2\r\n\r\nok`,
      ),
    );
    expect(given.headers.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, value]) => value)).toEqual([
      'a=1',
      'b=2',
    ]);
  });

  test('a redirect to its own origin goes to ours, and what belongs to one connection stays here', async () => {
    const { given } = await play(
      answerRaw(
        `HTTP/1.1 302 Found\r\nLocation: ${wire.ehr.origin}/welcome?a=1\r\nConnection: x-internal\r\nConnection: keep-alive, x-other\r\nX-Internal: secret\r\nX-Other: secret\r\nServer: Apache/1.3\r\nContent-Length: 0\r\n\r\n`,
      ),
    );
    expect(header(given, 'location')).toBe(`http://${wire.host}/welcome?a=1`);
    expect(given.headers.filter(([, value]) => /secret|Apache/.test(value))).toEqual([]);
  });
});

describe('the demo EHR misbehaves as it can', () => {
  let cookie = '';
  beforeAll(async () => void (cookie = await ownCookie(wire.demo, 'billing')));
  const demoHead = (path: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: ${new URL(wire.demo.origin).host}\r\nCookie: ${cookie}\r\n\r\n`;

  test.each([
    ['/fault/reset', 502, true, 'upstream-unreachable'],
    ['/fault/garbage', 502, true, 'upstream-misbehaved'],
    ['/fault/hang', 504, true, 'upstream-timeout'],
    ['/fault/mid-body', 200, false, 'upstream-cut'],
    ['/fault/short', 200, false, 'upstream-cut'],
    ['/fault/extra', 200, true, undefined],
    ['/fault/early', 200, true, undefined],
    ['/fault/trickle?every=20&count=20', 200, true, undefined],
  ])('%s', async (path, status, complete, reason) => {
    const connection = await wire.open();
    connection.send(demoHead(path));
    await eventually(() => connection.closed || connection.answers()[0]?.complete, 'the end of the answer');
    const [answer] = connection.answers();
    expect(answer?.complete ?? false).toBe(complete);
    if (answer) expect(answer.status).toBe(status);
    await connection.close();
    const outcome = await eventually(
      () =>
        wire.records().find((one) => one['event'] === 'outcome' && String(one['target']).startsWith(path.split('?', 1)[0] ?? '')),
      'the outcome',
    );
    expect(outcome['reason']).toBe(reason);
    const again = await wire.open();
    again.send(demoHead('/main'));
    expect((await again.answered()).status).toBe(200);
    await again.close();
  });
});

describe('a client that leaves', () => {
  test.each<readonly [what: string, answer: WireAnswer]>([
    ['before the head', () => undefined],
    ['within the body', answerRaw(`${ok}Content-Length: 1000\r\n\r\n${long}`)],
  ])('%s ends the request at the EHR', async (what, answer) => {
    wire.ehr.answer = answer;
    const path = `/patient/${what.replaceAll(' ', '-')}`;
    const connection = await wire.open();
    connection.send(wire.head(`GET ${path}`));
    const request = await eventually(() => wire.ehr.requests.find(({ line }) => line.includes(path)), 'the request');
    if (what === 'within the body') await eventually(() => connection.received.includes(long), 'the body to begin');
    await connection.close();
    await eventually(() => request.socket.destroyed, 'the EHR to be let go');
    const outcome = await eventually(
      () => wire.records().find((one) => one['event'] === 'outcome' && one['target'] === path),
      'the outcome',
    );
    expect(outcome).toMatchObject({ reason: 'client-abort', bytesOut: what === 'within the body' ? 50 : 0 });
  });

  test('five hundred times leaves nothing behind', async () => {
    const idle = wire.ehr.open();
    wire.ehr.answer = (request) => {
      if (wire.ehr.requests.length % 2 === 0) request.socket.write(`${ok}Content-Length: 1000\r\n\r\n${long}`);
    };
    for (let round = 0; round < 10; round += 1) {
      const before = wire.ehr.requests.length;
      const connections = await Promise.all(Array.from({ length: 50 }, () => wire.open()));
      for (const connection of connections) connection.send(wire.head('GET /patient/aborted'));
      await eventually(() => wire.ehr.requests.length > before, 'some to reach the EHR');
      await Promise.all(connections.map((connection) => connection.close()));
    }
    wire.ehr.answer = answerOk;
    await eventually(() => wire.demo.gateway.composed.live.sessions().length === 0, 'no stream to be alive');
    await eventually(() => wire.ehr.open() <= idle, 'the connections to the EHR to be gone');
    const { text } = await wire.demo.gateway.composed.metrics.text();
    expect(text).toMatch(/^wardgate_upstream_running 0$/m);
    expect(text).toMatch(/^wardgate_upstream_waiting 0$/m);
    const attempts = wire.records().filter((one) => one['target'] === '/patient/aborted');
    expect(attempts.filter((one) => one['event'] === 'attempt').length).toBe(
      attempts.filter((one) => one['event'] === 'outcome').length,
    );
  });
});

test('a reader that does not read holds the EHR back and takes no memory, and then gets everything', async () => {
  const whole = 300 * 1024 * 1024;
  let written = 0;
  wire.ehr.answer = ({ socket }) => {
    socket.write(`${ok}Content-Length: ${whole}\r\n\r\n`);
    written = 0;
    pump(socket);
  };
  const block = Buffer.alloc(256 * 1024, 'x');
  function pump(socket: Socket): void {
    while (written < whole) {
      written += block.length;
      if (!socket.write(block)) return void socket.once('drain', () => pump(socket));
    }
  }
  const before = process.memoryUsage().rss;
  const reader = connect({ port: wire.demo.gateway.port, host: 'localhost' });
  let received = 0;
  let peak = 0;
  reader.pause();
  reader.write(wire.head('GET /patient/large'));
  reader.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  reader.pause();
  let [last, unchanged] = [-1, 0];
  await eventually(() => {
    peak = Math.max(peak, process.memoryUsage().rss - before);
    unchanged = written > 0 && written === last ? unchanged + 1 : 0;
    last = written;
    return unchanged >= 100;
  }, 'the EHR to be held back');
  expect(written).toBeLessThan(40 * 1024 * 1024);
  expect(peak).toBeLessThan(60 * 1024 * 1024);
  reader.resume();
  await eventually(() => received > whole, 'everything to arrive', 15_000);
  reader.destroy();
});
