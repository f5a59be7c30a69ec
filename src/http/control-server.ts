// Takes orders of commands on this machine: HTTP on a socket that only the gateway's own account, and root, can open. Bounds
// everything a caller may send; what an order means is not its business.

import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { OrderReply } from '../control-ports.ts';
import { closeWithin } from './listen.ts';

export const controlPath = '/1/orders';

/** Longest order, and how many commands may wait at once. */
const mostBodyBytes = 16_384;
const mostConnections = 16;
/** A command sends its whole order at once. */
const requestMilliseconds = 5000;
/** Time for an order under way when the gateway closes. */
const closeMilliseconds = 5000;

export interface ControlServer {
  /** Ends it; an order under way has a few seconds. The socket is gone then. */
  readonly close: () => Promise<void>;
}

/** Rejects, saying what to do, where another gateway answers at `path` or something else is in the way. */
export async function controlServer(path: string, take: (value: unknown) => Promise<OrderReply>): Promise<ControlServer> {
  const isFile = !path.startsWith('\\\\');
  if (isFile) await clearAway(path);
  const server = createServer(
    {
      headersTimeout: requestMilliseconds,
      requestTimeout: requestMilliseconds,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: 8192,
    },
    (request, response) => void serve(request, response, take),
  );
  server.maxConnections = mostConnections;
  server.maxRequestsPerSocket = 1;
  await listenPrivately(server, path, isFile);
  return { close: () => closeWithin(server, closeMilliseconds) };
}

/** The socket of a gateway that crashed is removed; one that answers, or a file that is no socket, never. */
async function clearAway(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`"${path}" is in the way of the gateway's socket and is none; move it away`);
  if (await answers(path)) throw new Error(`Another gateway answers at "${path}"; stop it first`);
  rmSync(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ECONNREFUSED' || cause.code === 'ENOENT') resolve(false);
      else reject(new Error(`Cannot tell whether a gateway answers at "${path}": ${cause.message}`, { cause }));
    });
  });
}

function listenPrivately(server: Server, path: string, isFile: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The socket is made with the mode of this moment: there is none in which others could open it.
    const mask = isFile ? process.umask(0o177) : null;
    try {
      server.listen({ path, readableAll: false, writableAll: false }, () => {
        server.off('error', reject);
        resolve();
      });
      if (isFile && server.listening) chmodSync(path, 0o600);
    } finally {
      if (mask !== null) process.umask(mask);
    }
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  take: (value: unknown) => Promise<OrderReply>,
): Promise<void> {
  const answer = ({ status, body }: OrderReply): void => {
    const text = JSON.stringify({ version: 1, ...body });
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', connection: 'close' });
    response.end(text);
  };
  response.on('error', () => undefined);
  if (request.url !== controlPath) return answer({ status: 404, body: { why: 'There is nothing here but orders' } });
  if (request.method !== 'POST') return answer({ status: 405, body: { why: 'Orders are posted' } });
  if (request.headers['content-type'] !== 'application/json')
    return answer({ status: 415, body: { why: 'An order is application/json' } });
  const read = await readJson(request);
  if (!read.ok) return answer({ status: read.status, body: { why: read.why } });
  return answer(await take(read.value));
}

type ReadJson =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly status: number; readonly why: string };

async function readJson(request: IncomingMessage): Promise<ReadJson> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBodyBytes) return { ok: false, status: 413, why: `An order has at most ${mostBodyBytes} bytes` };
      chunks.push(chunk);
    }
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))) };
  } catch {
    // Cut off, not UTF-8 or not JSON: nobody can be answered better than that.
    return { ok: false, status: 400, why: 'The order cannot be read' };
  }
}
