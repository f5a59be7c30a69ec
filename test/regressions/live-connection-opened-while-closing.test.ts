// A WebSocket that was being opened when the gateway was told to stop was joined after the live connections had been told.
// Nobody told it, no timer reached it, Node's server waits for it for ever, and so the gateway never ended.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import { eventually, records } from '../support/demo-story.ts';
import { enrol } from '../support/enrol.ts';

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await endCommands();
  for (const close of open.splice(0).reverse()) await close();
});

test('it is told to go away, and the gateway ends', async () => {
  const server = createServer((_request, response) => response.end('main'));
  const held: (() => void)[] = [];
  const lines = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    held.push(() => lines.handleUpgrade(request, socket, head, (line) => line.send('hello')));
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
  open.push(async () => {
    for (const line of lines.clients) line.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const place = await clinic({ upstream: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  open.push(() => place.close());
  const gateway = await gatewayProcess(place.file);
  const { client } = await enrol(place.origin, 'newcomer');

  const line = new WebSocket(`${place.origin.replace('http', 'ws')}/ws/messages`, {
    headers: { cookie: client.cookieHeader(place.origin), origin: place.origin },
  });
  const code = new Promise<number>((resolve) => line.on('close', resolve));
  line.on('error', () => undefined);
  await eventually(() => held.length === 1, 'the upgrade to reach the EHR');
  gateway.child.kill('SIGTERM');
  await eventually(() => gateway.stdout().includes('The gateway is closing'), 'the gateway to close');
  for (const answer of held) answer();
  expect(await code).toBe(1001);
  expect(await gateway.ended).toEqual({ code: 0, signal: null });
  expect(records(place).at(-1)).toMatchObject({ event: 'stop' });
});
