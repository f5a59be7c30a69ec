// Requests sent ahead of their answers were all judged and forwarded at once. One behind a request that ended its
// connection, because its framing could not be trusted, could reach the EHR all the same.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOk } from '../support/wire-ehr.ts';
import type { WireRequest } from '../support/wire-ehr.ts';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';
import { eventually } from '../support/demo-story.ts';

let wire: WireStory;
beforeAll(async () => {
  wire = await wireStory({ gatewayLines: ['limits: { drain: 1s }'] });
});
afterAll(async () => wire.close());

test.each([
  ['an ambiguous target', () => wire.head('GET /a%00b')],
  ['a length that is not plain', () => `${wire.head('POST /x', 'Content-Length: 005')}hello`],
  ['a coding that is not plain', () => `${wire.head('POST /x', 'Transfer-Encoding: ,chunked')}0\r\n\r\n`],
  ['another host', () => wire.head('GET /x').replace('Host: localhost', 'Host: elsewhere')],
])('nothing behind %s is served', async (_what, front) => {
  const before = wire.ehr.accepted();
  const connection = await wire.open();
  connection.send(front() + wire.head('GET /behind') + wire.head('GET /behind-that'));
  await connection.ended();
  expect(connection.answers()).toHaveLength(1);
  expect(connection.answers()[0]?.status).toBeGreaterThanOrEqual(400);
  expect(wire.ehr.accepted()).toBe(before);
  expect(wire.records().some((one) => String(one['target']).startsWith('/behind'))).toBe(false);
});

test('the second waits until the first is answered', async () => {
  const held: WireRequest[] = [];
  wire.ehr.answer = (request) => void held.push(request);
  const connection = await wire.open();
  connection.send(wire.head('GET /first') + wire.head('GET /second'));
  const first = await eventually(() => held[0], 'the first');
  // Somebody else's request on another connection goes all the way while the second still waits.
  const other = await wire.open();
  other.send(wire.head('GET /other'));
  await eventually(() => held.find(({ line }) => line.includes('/other')), 'the other');
  expect(held.map(({ line }) => line)).toEqual(['GET /first HTTP/1.1', 'GET /other HTTP/1.1']);
  wire.ehr.answer = answerOk;
  for (const request of held) answerOk(request);
  expect((await connection.answered(2)).status).toBe(200);
  expect(first.line).toBe('GET /first HTTP/1.1');
  await connection.close();
  await other.close();
});
