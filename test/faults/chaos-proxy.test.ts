// The cable that the other faults are made with: each kind of trouble is the one it says, and what it held up arrives whole.

import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { chaosProxy } from '../support/chaos-proxy.ts';
import type { ChaosProxy } from '../support/chaos-proxy.ts';
import { eventually } from '../support/demo-story.ts';
import { RawConnection } from '../support/raw-connection.ts';

let server: Server;
let proxy: ChaosProxy;
let heard = '';
let last: Socket | null = null;

/** Says everything back in capitals. */
beforeAll(async () => {
  server = createServer((socket) => {
    last = socket.setEncoding('latin1').on('error', () => undefined);
    socket.on('data', (text: string) => {
      heard += text;
      socket.write(text.toUpperCase(), 'latin1');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(async () => {
  heard = '';
  proxy = await chaosProxy((server.address() as AddressInfo).port);
});
afterEach(async () => proxy.close());
afterAll(async () => new Promise((resolve) => server.close(resolve)));

/** Long enough for bytes that are not held up to be there, on this machine without a network. */
async function aMoment(): Promise<void> {
  const beside = await RawConnection.open((server.address() as AddressInfo).port);
  for (let round = 0; round < 20; round += 1) {
    beside.send('.');
    await eventually(() => beside.received.length > round, 'the echo beside it');
  }
  await beside.close();
}

test('passes bytes both ways, and each end', async () => {
  const line = await RawConnection.open(proxy.port);
  line.send('hello');
  await eventually(() => line.received === 'HELLO', 'the echo');
  last?.end();
  await line.ended();
  await eventually(() => proxy.open() === 0, 'the cable to be gone');
});

test('a large answer arrives whole beneath a limit', async () => {
  proxy.weather({ bytesPerSecond: 50_000_000, delayMilliseconds: 5 });
  const line = await RawConnection.open(proxy.port);
  const text = 'abcdefghij'.repeat(60_000);
  line.send(text);
  await eventually(() => line.received.length === text.length, 'all of it');
  expect(line.received === text.toUpperCase()).toBe(true);
  await line.close();
});

test.each(['up', 'down'] as const)('a partition of one way (%s) holds back that way alone, and loses nothing', async (way) => {
  const line = await RawConnection.open(proxy.port);
  proxy.weather({ held: [way] });
  line.send('one');
  if (way === 'down') await eventually(() => heard === 'one', 'what still passes');
  await aMoment();
  expect([heard.replaceAll('.', ''), line.received]).toEqual([way === 'up' ? '' : 'one', '']);
  line.send(' two');
  proxy.weather();
  await eventually(() => line.received === 'ONE TWO', 'all of it');
  await line.close();
});

test('a black hole takes connections and says nothing', async () => {
  proxy.blackHole();
  const line = await RawConnection.open(proxy.port);
  line.send('anybody');
  await aMoment();
  expect([line.received, line.closed, proxy.accepted()]).toEqual(['', false, 1]);
  await line.close();
});

test('cuts after so many bytes, and not one later', async () => {
  proxy.weather({ cutAfter: { way: 'down', bytes: 7 } });
  const line = await RawConnection.open(proxy.port);
  line.send('hello');
  await eventually(() => line.received === 'HELLO', 'the first');
  line.send('again');
  await line.ended();
  expect('HELLOAG'.startsWith(line.received)).toBe(true);
});

test('refuses at the door, and opens again at the same port', async () => {
  const before = await RawConnection.open(proxy.port);
  await proxy.refuse();
  await before.ended();
  await expect(RawConnection.open(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await proxy.accept();
  const line = await RawConnection.open(proxy.port);
  line.send('back');
  await eventually(() => line.received === 'BACK', 'the echo');
  await line.close();
});

test('cut ends what is under way and takes what comes', async () => {
  const before = await RawConnection.open(proxy.port);
  before.send('x');
  await eventually(() => before.received === 'X', 'the echo');
  proxy.cut();
  await before.ended();
  const line = await RawConnection.open(proxy.port);
  line.send('y');
  await eventually(() => line.received === 'Y', 'the echo');
  await line.close();
});
