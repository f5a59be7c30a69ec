// What stands behind the gateway under attack: an EHR that answers 4 KB, sends large files to `/large`, takes live
// connections, and never answers `/never`; beside it a sign-in provider that can be found.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPersonas } from '../../src/demo/personas.ts';
import { startDemoProvider } from '../../src/demo/provider/start-demo-provider.ts';

const page = Buffer.from(`<!doctype html><title>Chart</title><pre>${'x'.repeat(4096 - 50)}</pre>`);
const block = Buffer.alloc(65_536);
const largeBytes = 200_000_000;

const server = createServer((request, response) => {
  request.resume();
  if (request.url?.startsWith('/never') === true) return;
  if (request.url?.startsWith('/large') === true) sendLarge(response);
  else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': page.length }).end(page);
});
server.keepAliveTimeout = 60_000;
server.on('upgrade', (request, socket) => {
  const key = request.headers['sec-websocket-key'] ?? '';
  const accepted = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.on('error', () => undefined).on('end', () => socket.end());
  socket.resume();
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accepted}\r\n\r\n`,
  );
});

function sendLarge(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': largeBytes });
  let left = largeBytes;
  const go = (): void => {
    while (left > 0 && !response.destroyed) {
      const next = block.subarray(0, Math.min(left, block.length));
      left -= next.length;
      if (!response.write(next)) return void response.once('drain', go);
    }
    response.end();
  };
  go();
}

const provider = await startDemoProvider({ personas: createPersonas(), clients: [] });
server.listen(0, '127.0.0.1', () => {
  process.on('disconnect', () => process.exit(0));
  process.send?.({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, issuer: provider.issuer });
});
