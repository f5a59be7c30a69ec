// The ground the stand-ins for real products stand on: a plain HTTP server on a free port of loopback that reads each
// request whole, keeps a record of what arrived and hands it to the product's own code. It knows nothing of any product.

import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

const HOST = '127.0.0.1';
const KEEP_ALIVE_MILLISECONDS = 15_000;
/** Of a longer body the product is handed nothing, as PHP does beyond `post_max_size`. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** The record keeps this much of each body. */
const MAX_RECORDED_BYTES = 256 * 1024;
/** The oldest records make room for new ones. */
const MAX_REMEMBERED = 10_000;

/** `target` is the request line's, `headers` are name, value, name, value as received. The body grows while it arrives. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  /** UTF-8; its first 256 KB. */
  readonly body: string;
  readonly bodyBytes: number;
  /** When its head was there, epoch milliseconds. */
  readonly at: number;
}

/** A request that has arrived whole. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly seen: SeenRequest;
}

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** What arrived, oldest first; the last 10,000. */
  requests(): readonly SeenRequest[];
  /** What arrived after the first `count` requests; take `requests().length` before. */
  seenSince(count: number): readonly SeenRequest[];
  /** Cuts every connection. */
  close(): Promise<void>;
}

/** Resolves once it listens. Where `answer` rejects, the connection gets a plain 500 or is cut. */
export async function startLoopbackServer(answer: (call: Call) => Promise<void>): Promise<LoopbackServer> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS, requestTimeout: 0 });
  server.on('request', (request, response) => void serve(request, response, seen, answer));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${HOST}:${port}`,
    requests: () => [...seen],
    seenSince: (count) => seen.slice(count),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  seen: SeenRequest[],
  answer: (call: Call) => Promise<void>,
): Promise<void> {
  const record = {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.rawHeaders,
    body: '',
    bodyBytes: 0,
    at: Date.now(),
  };
  seen.push(record);
  if (seen.length > MAX_REMEMBERED) seen.shift();
  try {
    const body = await readBody(request, record);
    await answer({ request, response, body, seen: record });
  } catch {
    if (response.headersSent || response.destroyed) response.destroy();
    else response.writeHead(500, { 'Content-Type': 'text/plain', Connection: 'close' }).end('The application has failed\n');
  }
}

async function readBody(request: IncomingMessage, record: { body: string; bodyBytes: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    record.bodyBytes += chunk.length;
    if (record.bodyBytes <= MAX_BODY_BYTES) chunks.push(chunk);
    if (record.body.length < MAX_RECORDED_BYTES) record.body = Buffer.concat(chunks).toString('utf8', 0, MAX_RECORDED_BYTES);
  }
  return record.bodyBytes > MAX_BODY_BYTES ? Buffer.alloc(0) : Buffer.concat(chunks);
}
