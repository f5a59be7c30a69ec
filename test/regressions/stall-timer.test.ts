// The stall timer measured a reader from the last time its buffer had filled and not over the whole stall time, so that a
// long download to a healthy reader was cut at the first look. It must cut a reader that hangs, and only that one.

import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

const whole = 48 * 1024 * 1024;
const block = Buffer.alloc(128 * 1024, 'x');

let wire: WireStory;
beforeAll(async () => {
  wire = await wireStory({ gatewayLines: ['limits: { stall: 1s, minimumRate: 1MB/s, drain: 1s }'] });
  wire.ehr.answer = ({ socket }) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${whole}\r\n\r\n`);
    pump(socket, whole);
  };
});
afterAll(async () => wire.close());

function pump(socket: Socket, left: number): void {
  let rest = left;
  while (rest > 0 && !socket.destroyed) {
    rest -= block.length;
    if (!socket.write(block)) return void socket.once('drain', () => pump(socket, rest));
  }
}

test('a reader that takes sixteen times the least rate, always a little behind, gets everything', async () => {
  const reader = connect({ port: wire.demo.gateway.port, host: 'localhost' });
  reader.write(wire.head('GET /long'));
  let received = 0;
  reader.on('data', (chunk: Buffer) => {
    received += chunk.length;
    reader.pause();
    setTimeout(() => reader.resume(), chunk.length / (16 * 1024));
  });
  await eventually(() => received > whole, 'everything to arrive', 15_000);
  reader.destroy();
});

test('a reader that hangs is cut, and the record says so', async () => {
  const reader = connect({ port: wire.demo.gateway.port, host: 'localhost' });
  reader.pause();
  reader.write(wire.head('GET /hangs'));
  const outcome = await eventually(
    () => wire.records().find((one) => one['event'] === 'outcome' && one['target'] === '/hangs'),
    'the outcome',
    8000,
  );
  expect(outcome).toMatchObject({ reason: 'stalled', status: 200 });
  reader.destroy();
});
