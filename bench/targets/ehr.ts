// An EHR for what is not a small page: a download of any size, a page that comes in two halves, and WebSockets that stay open.
// Of an identity provider it has what a gateway asks before it is ready.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { reportTo } from './report.ts';

const chunk = Buffer.alloc(65_536, 'x');
const half = `<!doctype html><html><head><title>Chart</title></head><body><pre>${'x'.repeat(2000)}`;
const whole = Buffer.from(`${half}${'x'.repeat(2000)}</pre></body></html>`);

const server = createServer((request, response) => {
  request.resume();
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname.endsWith('/file')) return download(response, Number(searchParams.get('bytes')));
  if (pathname.endsWith('/halves')) return halves(response, Number(searchParams.get('pause')));
  if (pathname.startsWith('/.well-known')) return describe(response, `http://${request.headers.host ?? ''}`);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': whole.length });
  response.end(whole);
});
server.keepAliveTimeout = 60_000;
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.on('error', () => undefined).resume();
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
});
reportTo(server, {});

function download(response: ServerResponse, bytes: number): void {
  const type = { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename="export.bin"' };
  response.writeHead(200, { ...type, 'content-length': bytes });
  let left = bytes;
  const send = (): void => {
    while (left > 0 && !response.destroyed) {
      const next = left < chunk.length ? chunk.subarray(0, left) : chunk;
      left -= next.length;
      if (!response.write(next)) return;
    }
    response.end();
  };
  response.on('drain', send);
  send();
}

function halves(response: ServerResponse, pauseMilliseconds: number): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.write(half);
  setTimeout(() => response.end('</pre></body></html>'), pauseMilliseconds);
}

/** OpenID Connect Discovery 1.0, section 3. */
function describe(response: ServerResponse, issuer: string): void {
  const paths = { authorization_endpoint: '/auth', token_endpoint: '/token', jwks_uri: '/keys', end_session_endpoint: '/end' };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      issuer,
      ...Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, `${issuer}${path}`])),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    }),
  );
}
