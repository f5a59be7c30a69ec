// Every limit of the edge towards people: at it, under it and over it, with small values, over a bare socket. What is over a limit gets
// the status that says so, and the EHR sees none of it.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { header } from '../support/raw-connection.ts';
import type { RawAnswer, RawConnection } from '../support/raw-connection.ts';
import { answerOk, answerWhole } from '../support/wire-ehr.ts';
import type { WireRequest } from '../support/wire-ehr.ts';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

const limits = [
  'target: 1KiB, header: 4KiB, headerCount: 12, body: 64KiB, form: 1KiB, formTimeout: 1s, headersTimeout: 1s',
  'minimumRate: 1KB/s, stall: 1s, connectionsPerAddress: 10, requestsPerSocket: 3, drain: 1s',
].join(', ');

let wire: WireStory;
let held: WireRequest[] = [];
const opened: RawConnection[] = [];

beforeAll(async () => {
  wire = await wireStory({
    gatewayLines: [`limits: { ${limits} }`],
    wireRules: [
      '{ name: forms, application: wire, paths: ["/form"], methods: [POST], when: { form: { send: present } }, allow: everyone }',
    ],
  });
});
afterAll(async () => wire.close());
afterEach(async () => {
  for (const request of held) answerOk(request);
  held = [];
  wire.ehr.answer = answerOk;
  for (const connection of opened.splice(0)) await connection.close();
});

async function open(): Promise<RawConnection> {
  const connection = await wire.open();
  opened.push(connection);
  return connection;
}

/** One request on a connection of its own: what came back, and how much the EHR saw of it. */
async function ask(
  text: string,
): Promise<{ readonly answer: RawAnswer; readonly seen: readonly WireRequest[]; readonly connection: RawConnection }> {
  const before = wire.ehr.requests.length;
  const connection = await open();
  connection.send(text);
  const answer = await connection.answered();
  return { answer, seen: wire.ehr.requests.slice(before), connection };
}

async function expectVerdict(text: string, status: number): Promise<RawConnection> {
  const { answer, seen, connection } = await ask(text);
  expect(answer.status).toBe(status);
  expect(seen).toHaveLength(status === 200 ? 1 : 0);
  if (status !== 200) await connection.ended();
  return connection;
}

const sized = (path: string, bytes: number): string => path + 'a'.repeat(bytes - path.length);

describe('the request line and the headers', () => {
  test.each([
    [1023, 200],
    [1024, 200],
    [1025, 414],
    [3000, 414],
  ])('a target of %i bytes is answered %i', async (bytes, status) => {
    await expectVerdict(wire.head(`GET ${sized('/x/', bytes)}`), status);
  });

  test.each([
    [4000, 200],
    [4096, 200],
    [4200, 431],
    [40_000, 431],
  ])('%i bytes of headers are answered %i', async (bytes, status) => {
    const bare = wire.head('GET /x', 'X-Fill: ').length;
    await expectVerdict(wire.head('GET /x', `X-Fill: ${'a'.repeat(bytes - bare)}`), status);
  });

  test.each([
    [11, 200],
    [12, 200],
    [13, 431],
    [60, 431],
  ])('%i headers are answered %i', async (count, status) => {
    const more = Array.from({ length: count - 2 }, (_none, index) => `X-${index}: a`);
    await expectVerdict(wire.head('GET /x', ...more), status);
  });

  test('headers that do not end in time are answered 408', async () => {
    const { answer, seen, connection } = await ask(wire.head('GET /x').slice(0, -2));
    expect(answer.status).toBe(408);
    expect(seen).toEqual([]);
    await connection.ended();
  });

  test('a connection that never says anything is closed', async () => {
    const connection = await open();
    await connection.ended();
    expect(connection.answers().every(({ status }) => status === 408)).toBe(true);
  });
});

describe('the body', () => {
  test.each([
    [65_535, 200],
    [65_536, 200],
    [65_537, 413],
    [50_000_000, 413],
  ])('a declared length of %i is answered %i', async (bytes, status) => {
    const { answer, seen, connection } = await ask(
      wire.head('POST /x', `Content-Length: ${bytes}`) + 'b'.repeat(Math.min(bytes, 65_536)),
    );
    expect(answer.status).toBe(status);
    expect(seen.map(({ body }) => body.length)).toEqual(status === 200 ? [bytes] : []);
    if (status !== 200) await connection.ended();
  });

  test.each([
    [65_536, 200],
    [65_537, 413],
  ])('a chunked body of %i bytes is answered %i and never whole at the EHR when it is too large', async (bytes, status) => {
    wire.ehr.answer = (request) => void held.push(request);
    const before = wire.ehr.requests.length;
    const connection = await open();
    connection.send(
      `${wire.head('POST /x', 'Transfer-Encoding: chunked')}8000\r\n${'b'.repeat(0x8000)}\r\n${(bytes - 0x8000).toString(16)}\r\n${'b'.repeat(bytes - 0x8000)}\r\n0\r\n\r\n`,
    );
    if (status === 200) {
      const request = await eventually(() => wire.ehr.requests.slice(before).find(({ whole }) => whole), 'the whole body');
      expect(request.body.length).toBe(bytes);
      answerOk(request);
      held = [];
    }
    expect((await connection.answered()).status).toBe(status);
    if (status === 200) return;
    expect(wire.ehr.requests.slice(before).some(({ whole }) => whole)).toBe(false);
    held = [];
    await connection.ended();
    await eventually(
      () => wire.records().some((one) => one['event'] === 'outcome' && one['reason'] === 'body-too-large'),
      'the outcome',
    );
  });

  test('an upload that stalls is answered 408, and the EHR is let go', async () => {
    wire.ehr.answer = (request) => void held.push(request);
    const connection = await open();
    connection.send(`${wire.head('POST /stall', 'Content-Length: 5000')}${'b'.repeat(100)}`);
    expect((await connection.answered()).status).toBe(408);
    await connection.ended();
    await eventually(() => held.every(({ socket }) => socket.destroyed), 'the connection to the EHR to end');
    expect(held.some(({ whole }) => whole)).toBe(false);
    held = [];
  });

  test('an upload slower than the minimum rate is cut, one that is faster is not', async () => {
    wire.ehr.answer = answerWhole;
    const [slow, fast] = [await open(), await open()];
    const whole = 6000;
    slow.send(wire.head('POST /slow', `Content-Length: ${whole}`));
    fast.send(wire.head('POST /fast', `Content-Length: ${whole}`));
    let sent = 0;
    const timer = setInterval(() => {
      slow.send('b'.repeat(20));
      if (sent < whole) fast.send('b'.repeat(500));
      sent += 500;
    }, 200);
    try {
      expect((await slow.answered()).status).toBe(408);
      expect((await fast.answered()).status).toBe(200);
    } finally {
      clearInterval(timer);
    }
  });
});

describe('a form that a rule reads', () => {
  const form = (bytes: number): string => sized('send=1&text=', bytes);
  const head = (...more: string[]): string => wire.head('POST /form', 'Content-Type: application/x-www-form-urlencoded', ...more);

  test.each([
    [1023, 200],
    [1024, 200],
    [1025, 413],
  ])('of %i declared bytes is answered %i', async (bytes, status) => {
    await expectVerdict(head(`Content-Length: ${bytes}`) + form(bytes), status);
  });

  test.each([
    [1024, 200],
    [1025, 413],
  ])('of %i chunked bytes is answered %i', async (bytes, status) => {
    await expectVerdict(`${head('Transfer-Encoding: chunked')}${bytes.toString(16)}\r\n${form(bytes)}\r\n0\r\n\r\n`, status);
  });

  test('that does not arrive in time is answered 408', async () => {
    await expectVerdict(`${head('Content-Length: 500')}send=1`, 408);
  });

  test('of our own pages that does not arrive in time is answered 408', async () => {
    const origin = `Origin: http://${wire.host}`;
    const text = wire.head(
      'POST /.wardgate/more-downloads',
      origin,
      'Content-Type: application/x-www-form-urlencoded',
      'Content-Length: 500',
    );
    await expectVerdict(`${text}reason=`, 408);
  });
});

describe('connections', () => {
  test('the eleventh of one address is closed unanswered, and has its place once another has gone', async () => {
    const before = wire.ehr.requests.length;
    const ten: RawConnection[] = [];
    for (let i = 0; i < 10; i += 1) ten.push(await open());
    for (const connection of ten) expect((await connection.send(wire.head('GET /x')).answered()).status).toBe(200);
    const over = await open();
    over.send(wire.head('GET /over'));
    await over.ended();
    expect(over.received).toBe('');
    expect(wire.ehr.requests.slice(before).map(({ line }) => line)).toEqual(ten.map(() => 'GET /x HTTP/1.1'));
    await ten[0]?.close();
    const tryAgain = async (): Promise<number | undefined> => {
      const again = await open();
      again.send(wire.head('GET /again'));
      await eventually(() => again.closed || again.answers().length > 0, 'an end');
      return again.answers()[0]?.status;
    };
    await expect.poll(tryAgain).toBe(200);
  });

  test('a connection is closed with its third answer', async () => {
    const before = wire.ehr.requests.length;
    const connection = await open();
    for (let count = 1; count <= 3; count += 1) {
      connection.send(wire.head(`GET /${count}`));
      expect(header(await connection.answered(count), 'connection')).toBe(count === 3 ? 'close' : 'keep-alive');
    }
    connection.send(wire.head('GET /4'));
    await connection.ended();
    expect(connection.answers()).toHaveLength(3);
    expect(wire.ehr.requests.slice(before).map(({ line }) => line)).toEqual([
      'GET /1 HTTP/1.1',
      'GET /2 HTTP/1.1',
      'GET /3 HTTP/1.1',
    ]);
  });
});

describe('expectations', () => {
  test('100-continue is answered here, before the body, and never sent on', async () => {
    const connection = await open();
    const before = wire.ehr.requests.length;
    connection.send(wire.head('POST /x', 'Expect: 100-continue', 'Content-Length: 5'));
    await eventually(() => connection.received.startsWith('HTTP/1.1 100 Continue\r\n\r\n'), '100 Continue');
    connection.send('hello');
    expect((await connection.answered()).status).toBe(200);
    expect(wire.ehr.requests.slice(before).map(({ body }) => body)).toEqual(['hello']);
    expect(wire.ehr.requests.at(-1)?.headers.map(([name]) => name)).not.toContain('expect');
  });

  test.each(['200-ok', '100-continue, 200-ok', 'nothing'])('"%s" is answered 417', async (expectation) => {
    await expectVerdict(wire.head('POST /x', `Expect: ${expectation}`, 'Content-Length: 0'), 417);
  });
});
