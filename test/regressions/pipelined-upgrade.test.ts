// One packet with a plain request and, behind it, a WebSocket handshake or a CONNECT ended the whole gateway: the second
// was given a connection on which the first was still being answered, and Node threw. Nobody had to be signed in.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { wireHost, wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

let wire: WireStory;
beforeAll(async () => {
  wire = await wireStory({ gatewayLines: ['limits: { drain: 1s }'] });
});
afterAll(async () => wire.close());

const upgrade = `GET /ws/a HTTP/1.1\r\nHost: ${wireHost}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://${wireHost}\r\n\r\n`;
const connect = `CONNECT ${wireHost} HTTP/1.1\r\nHost: ${wireHost}\r\n\r\n`;

test.each([
  ['a handshake, by nobody', upgrade, false],
  ['a CONNECT, by nobody', connect, false],
  ['a handshake, by somebody', upgrade, true],
])('%s, sent behind a request that is still being answered, only ends that connection', async (_what, behind, signedIn) => {
  wire.ehr.answer = () => undefined;
  const before = wire.ehr.accepted();
  const connection = await wire.open();
  const front = wire.head('GET /front');
  connection.send((signedIn ? front : front.replace(`Cookie: ${wire.cookie}\r\n`, '')) + behind);
  await connection.ended();
  expect(connection.received).not.toContain('101 Switching');
  expect(wire.ehr.accepted() - before).toBeLessThanOrEqual(signedIn ? 1 : 0);
  await eventually(() => wire.ehr.open() === 0, 'the EHR to be let go');
  const health = await fetch(`http://127.0.0.1:${wire.demo.gateway.healthPort}/healthz`);
  expect(health.status).toBe(200);
});
