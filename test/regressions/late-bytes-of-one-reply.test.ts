// The EHR answered HEAD with a body, which came a moment after its head. The connection had gone back to the pool, so the
// body was read as the answer to the next person's request, and from then on everybody got the page of whoever asked before
// them. The same happened with whatever followed a reply late: what an old server sends too much may reach the person it was
// made for, and nobody else.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerRaw } from '../support/wire-ehr.ts';
import type { WireAnswer } from '../support/wire-ehr.ts';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

let wire: WireStory;

beforeAll(async () => {
  // One connection at a time, so that whatever is kept is used by the next.
  const limits = 'limits: { upstreamConnections: 1, upstreamConnectionsPerPerson: 1, drain: 1s }';
  wire = await wireStory({ gatewayLines: [limits] });
});
afterAll(async () => wire.close());

const stray = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray';
const reply = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** Answers the first person with `head` and, once the second person's request is under way, with more bytes. */
function lateAfter(head: string): WireAnswer {
  let first: Parameters<WireAnswer>[0]['socket'] | null = null;
  return (request) => {
    if (request.line.includes('/first')) {
      first = request.socket;
      request.socket.write(head);
      return;
    }
    if (first !== null && !first.destroyed) first.write(stray);
    request.socket.write(reply(`for ${request.line.split(' ')[1]}`));
  };
}

async function askOther(path: string): Promise<string> {
  const connection = await wire.open();
  connection.send(`GET ${path} HTTP/1.1\r\nHost: ${wire.host}\r\nCookie: ${wire.otherCookie}\r\n\r\n`);
  const { body } = await connection.answered();
  await connection.close();
  return body;
}

describe('the next person gets their own reply', () => {
  test.each([
    ['GET', reply('page'), 'page'],
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', ''],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', ''],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
  ])('%s %j', async (method, head, body) => {
    wire.ehr.answer = lateAfter(head);
    const given = await wire.ask(`${method} /first`);
    expect(given.body).toBe(body);
    for (const path of ['/second', '/third']) expect(await askOther(path)).toBe(`for ${path}`);
    const [first, second] = ['/first', '/second'].map((path) => wire.ehr.requests.findLast(({ line }) => line.includes(path)));
    expect(second?.connection).not.toBe(first?.connection);
  });
});

test('one person goes on using their connection, except after HEAD', async () => {
  wire.ehr.answer = ({ socket }) => void socket.write(reply('x'));
  const connections = async (): Promise<number | undefined> => {
    await wire.ask('GET /again');
    return wire.ehr.requests.at(-1)?.connection;
  };
  expect(await connections()).toBe(await connections());
  wire.ehr.answer = answerRaw('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n');
  await wire.ask('HEAD /again');
  const used = wire.ehr.requests.at(-1)?.connection;
  wire.ehr.answer = ({ socket }) => void socket.write(reply('x'));
  expect(await connections()).not.toBe(used);
});

test('205 with a body arrives whole, so that the client does not wait for what was left out', async () => {
  wire.ehr.answer = answerRaw('HTTP/1.1 205 Reset Content\r\nContent-Length: 4\r\n\r\nabcd');
  expect(await wire.ask('GET /form')).toMatchObject({ status: 205, body: 'abcd', complete: true });
});

test.each([
  'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
])('a reply that ends in two ways is none: %j', async (rest) => {
  wire.ehr.answer = answerRaw(`HTTP/1.1 200 OK\r\n${rest}`);
  expect((await wire.ask('GET /odd')).status).toBe(502);
});
