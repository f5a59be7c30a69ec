// Three ways in which a live connection did not end: a client that left during the handshake was not noticed until the EHR
// answered; an ordinary answer to a handshake kept the connection open for ever; the close frame of an ended session was
// written and the connection destroyed in one breath.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerRaw } from '../support/wire-ehr.ts';
import { eventually } from '../support/demo-story.ts';
import { wireHost, wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

let wire: WireStory;
beforeAll(async () => {
  wire = await wireStory({ gatewayLines: ['limits: { drain: 1s }'] });
});
afterAll(async () => wire.close());

const handshake = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  `Origin: http://${wireHost}`,
];

test('a client that leaves during the handshake is noticed at once', async () => {
  wire.ehr.answer = () => undefined;
  const before = wire.ehr.requests.length;
  const connection = await wire.open();
  connection.send(wire.head('GET /ws/left', ...handshake));
  const request = await eventually(() => wire.ehr.requests[before], 'the handshake');
  await connection.close();
  await eventually(() => request.socket.destroyed, 'the EHR to be let go');
});

test('a client that talks before it is answered is cut off', async () => {
  wire.ehr.answer = () => undefined;
  const before = wire.ehr.requests.length;
  const connection = await wire.open();
  connection.send(wire.head('GET /ws/early', ...handshake));
  const request = await eventually(() => wire.ehr.requests[before], 'the handshake');
  connection.send('GET /admin HTTP/1.1\r\n\r\n');
  await connection.ended();
  await eventually(() => request.socket.destroyed, 'the EHR to be let go');
  expect(wire.ehr.requests).toHaveLength(before + 1);
});

test('an ordinary answer to a handshake ends the connection', async () => {
  wire.ehr.answer = answerRaw('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
  const connection = await wire.open();
  connection.send(wire.head('GET /ws/refused', ...handshake));
  expect(await connection.answered()).toMatchObject({ status: 403, body: 'no' });
  await connection.ended();
  await eventually(
    () => wire.records().some((one) => one['event'] === 'outcome' && one['target'] === '/ws/refused'),
    'the outcome',
  );
});
