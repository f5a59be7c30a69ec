// Bodies on their way in and out over a bare socket: framed anew, byte for byte the same, each request of a connection
// in its turn, and nothing of one left for the next.

import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { header } from '../support/raw-connection.ts';
import type { RawConnection } from '../support/raw-connection.ts';
import { answerOk, answerRaw, answerWhole } from '../support/wire-ehr.ts';
import type { WireRequest } from '../support/wire-ehr.ts';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

let wire: WireStory;
const opened: RawConnection[] = [];

beforeAll(async () => {
  wire = await wireStory({
    gatewayLines: ['limits: { drain: 1s }'],
    wireRules: [
      '{ name: forms, application: wire, paths: ["/form"], methods: [POST], when: { form: { send: present } }, allow: everyone }',
    ],
  });
});
afterAll(async () => wire.close());
afterEach(async () => {
  wire.ehr.answer = answerOk;
  for (const connection of opened.splice(0)) await connection.close();
});

async function open(): Promise<RawConnection> {
  const connection = await wire.open();
  opened.push(connection);
  return connection;
}

const digest = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex'); // prettier-ignore
const binary = (bytes: number): string => randomBytes(bytes).toString('latin1');

function framing({ headers }: WireRequest): string[] {
  return headers.filter(([name]) => name === 'content-length' || name === 'transfer-encoding').map(([name]) => name); // prettier-ignore
}

async function expectArrives(text: string, body: string, framedBy: RegExp): Promise<void> {
  wire.ehr.answer = answerWhole;
  const before = wire.ehr.requests.length;
  const connection = await open();
  connection.send(text);
  expect((await connection.answered()).status).toBe(200);
  const seen = wire.ehr.requests.slice(before);
  expect(seen.map((one) => [one.body.length, digest(one.body), framing(one)])).toEqual([
    [body.length, digest(body), [expect.stringMatching(framedBy)]],
  ]);
}

describe('on its way in', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 5_000_000])('a body of %i declared bytes arrives as it was', async (bytes) => {
    const body = binary(bytes);
    await expectArrives(wire.head('POST /x', `Content-Length: ${bytes}`) + body, body, /^content-length$/);
  });

  test.each([1, 65_537, 5_000_000])('a body of %i chunked bytes arrives as it was', async (bytes) => {
    const body = binary(bytes);
    const half = Math.ceil(bytes / 2);
    const chunks = [body.slice(0, half), body.slice(half)].filter((chunk) => chunk !== '');
    const coded = chunks.map((chunk) => `${chunk.length.toString(16)};ext=1\r\n${chunk}\r\n`).join('');
    await expectArrives(
      `${wire.head('PUT /x', 'Transfer-Encoding: chunked')}${coded}0\r\nX-Trailer: a\r\n\r\n`,
      body,
      /^(?:transfer-encoding|content-length)$/,
    );
  });

  test('a form that a rule has read goes on unchanged', async () => {
    const body = 'b=%C3%BC+x&send=1&&empty=&a[]=1&a[]=2&=';
    const type = 'Content-Type: application/x-www-form-urlencoded';
    await expectArrives(wire.head('POST /form', type, `Content-Length: ${body.length}`) + body, body, /^content-length$/);
    await expectArrives(
      `${wire.head('POST /form', type, 'Transfer-Encoding: chunked')}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      body,
      /^content-length$/,
    );
  });

  test('a client that leaves in the middle takes the request at the EHR with it', async () => {
    wire.ehr.answer = answerWhole;
    const before = wire.ehr.requests.length;
    const connection = await open();
    connection.send(`${wire.head('POST /leaves', 'Content-Length: 1000')}some`);
    const request = await eventually(() => wire.ehr.requests[before], 'the request');
    await connection.close();
    await eventually(() => request.socket.destroyed, 'the EHR to be let go');
    expect(request.whole).toBe(false);
    const outcome = await eventually(
      () => wire.records().find((one) => one['event'] === 'outcome' && one['target'] === '/leaves'),
      'the outcome',
    );
    expect(outcome).toMatchObject({ reason: 'client-abort', bytesIn: 4 });
  });

  test('chunks that turn out malformed on the way never become a whole body', async () => {
    wire.ehr.answer = answerWhole;
    const before = wire.ehr.requests.length;
    const connection = await open();
    connection.send(`${wire.head('POST /x', 'Transfer-Encoding: chunked')}5\r\nhello\r\n`);
    const request = await eventually(() => wire.ehr.requests[before], 'the request');
    connection.send('zz\r\nGET /admin HTTP/1.1\r\n\r\n');
    await connection.ended();
    await eventually(() => request.socket.destroyed, 'the EHR to be let go');
    expect(request.whole).toBe(false);
    expect(wire.ehr.requests).toHaveLength(before + 1);
    expect(connection.answers().map(({ status }) => status)).toEqual([400]);
  });

  test('no connection to the EHR is used again after a body', async () => {
    const before = wire.ehr.requests.length;
    for (const line of ['POST /1', 'GET /2', 'POST /3', 'GET /4', 'GET /5']) {
      const body = line.startsWith('POST') ? 'hello' : '';
      expect((await wire.ask(line, body === '' ? [] : ['Content-Length: 5'], body)).status).toBe(200);
    }
    const used = wire.ehr.requests.slice(before).map(({ connection }) => connection);
    expect(used.slice(1)).not.toContain(used[0]);
    expect(used.slice(3)).not.toContain(used[2]);
    expect(used[4]).toBe(used[3]);
  });
});

describe('on its way out', () => {
  test.each([
    ['GET', 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n', 204, ''],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', 304, ''],
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n', 200, ''],
    ['GET', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 200, ''],
    ['GET', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Trailer: a\r\n\r\n', 200, 'ok'],
    ['GET', 'HTTP/1.1 200 Patient Jane Doe\r\nContent-Length: 2\r\n\r\nok', 200, 'ok'],
  ])('%s, answered %j, leaves the connection ready for the next request', async (method, reply, status, body) => {
    wire.ehr.answer = answerRaw(reply);
    const connection = await open();
    connection.send(wire.head(`${method} /x`));
    expect(await connection.answered(1, method)).toMatchObject({ status, body, complete: true });
    expect(connection.received).not.toMatch(/Jane|trailer/i);
    wire.ehr.answer = answerOk;
    connection.send(wire.head('GET /y'));
    expect(await connection.answered(2, method)).toMatchObject({ status: 200, body: 'ok' });
  });

  test('a body whose end is the end of the connection arrives, framed anew', async () => {
    wire.ehr.answer = answerRaw('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nall of it', true);
    const answer = await wire.ask('GET /x');
    expect(answer).toMatchObject({ status: 200, body: 'all of it', complete: true });
    expect(header(answer, 'transfer-encoding')).toBe('chunked');
  });
});

describe('requests sent ahead of their answers', () => {
  test('are judged one by one and answered in order', async () => {
    const held: WireRequest[] = [];
    wire.ehr.answer = (request) => void held.push(request);
    const connection = await open();
    connection.send(wire.head('GET /1') + wire.head('GET /2') + `${wire.head('POST /3', 'Content-Length: 5')}hello`);
    for (const count of [1, 2, 3]) {
      const request = await eventually(() => held[count - 1], `request ${count}`);
      expect(held).toHaveLength(count);
      answerRaw(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${count}`)(request);
      expect((await connection.answered(count)).body).toBe(String(count));
    }
    expect(held[2]?.body).toBe('hello');
  });
});
