// What a client sent behind its request and could not be parsed was answered with "HTTP/1.1 400" on the spot, in the middle
// of the reply that was just being streamed: the text of one answer became part of another's body.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerRaw } from '../support/wire-ehr.ts';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';
import { eventually } from '../support/demo-story.ts';

let wire: WireStory;
beforeAll(async () => {
  wire = await wireStory({ gatewayLines: ['limits: { drain: 1s }'] });
});
afterAll(async () => wire.close());

test('garbage behind a request ends the connection and adds nothing to the reply under way', async () => {
  wire.ehr.answer = answerRaw('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nchart');
  const connection = await wire.open();
  connection.send(wire.head('GET /x'));
  await eventually(() => connection.received.endsWith('chart'), 'the reply to begin');
  connection.send('\u0000garbage\r\n\r\n');
  await connection.ended();
  expect(connection.answers()).toMatchObject([{ status: 200, body: 'chart', complete: false }]);
});
