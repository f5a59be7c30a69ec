// An EHR made by hand on a bare socket: it reads requests with a small parser of its own, so that a test sees what was
// really framed, and answers with whatever bytes the test wants, however broken.

import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface WireRequest {
  readonly line: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Grows while the body arrives; chunks are joined. */
  body: string;
  whole: boolean;
  /** Called once, when the body is whole, where the test wants to know. */
  onWhole: (() => void) | null;
  readonly socket: Socket;
  /** Number of the connection it came on, from 1. */
  readonly connection: number;
}

export type WireAnswer = (request: WireRequest) => void;

export interface WireEhr {
  readonly origin: string;
  readonly requests: WireRequest[];
  /** Called for each request as soon as its head is there. */
  answer: WireAnswer;
  /** Connections that are open now. */
  open(): number;
  /** Connections accepted so far. */
  accepted(): number;
  close(): Promise<void>;
}

/** A short 200 that leaves the connection open. */
export const answerOk: WireAnswer = ({ socket, line }) => {
  const body = line.startsWith('HEAD ') ? '' : 'ok';
  socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n${body}`);
};

/** The same, but only after the whole request has arrived. */
export const answerWhole: WireAnswer = (request) => {
  request.onWhole = () => answerOk(request);
};

/** An answer of exactly these bytes (Latin-1); the connection is then ended where `ends` says so. */
export function answerRaw(bytes: string, ends = false): WireAnswer {
  return ({ socket }) => {
    if (ends) socket.end(bytes, 'latin1');
    else socket.write(bytes, 'latin1');
  };
}

export async function startWireEhr(): Promise<WireEhr> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const requests: WireRequest[] = [];
  const server = createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    read(socket, accepted, (request) => {
      requests.push(request);
      ehr.answer(request);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const ehr: WireEhr = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: answerOk,
    open: () => sockets.size,
    accepted: () => accepted,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return ehr;
}

function read(socket: Socket, connection: number, onRequest: (request: WireRequest) => void): void {
  let text = '';
  let current: WireRequest | null = null;
  socket.setEncoding('latin1');
  socket.on('data', (more: string) => {
    text += more;
    for (;;) {
      if (current === null) {
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        current = startRequest(text.slice(0, end), socket, connection);
        text = text.slice(end + 4);
        onRequest(current);
      }
      const rest = readBody(current, text);
      if (rest === null) return;
      text = rest;
      if (!current.whole) continue;
      current.onWhole?.();
      current = null;
    }
  });
}

function startRequest(head: string, socket: Socket, connection: number): WireRequest {
  const [line = '', ...lines] = head.split('\r\n');
  const headers = lines.map((one): [string, string] => [
    one.slice(0, one.indexOf(':')).toLowerCase(),
    one.slice(one.indexOf(':') + 1).trim(),
  ]);
  return { line, headers, body: '', whole: false, onWhole: null, socket, connection };
}

/** Takes what belongs to the body; what is left of the text, or null when more is needed. */
function readBody(request: WireRequest, text: string): string | null {
  const of = (name: string): string | undefined => request.headers.find(([one]) => one === name)?.[1];
  if (of('transfer-encoding') !== undefined) return readChunk(request, text);
  const missing = Number(of('content-length') ?? 0) - request.body.length;
  request.body += text.slice(0, missing);
  request.whole = text.length >= missing;
  return request.whole ? text.slice(missing) : emptied(request, text);
}

// What was taken must not be taken again: an unfinished body keeps nothing in the text.
function emptied(_request: WireRequest, text: string): string | null {
  return text === '' ? null : '';
}

function readChunk(request: WireRequest, text: string): string | null {
  const at = text.indexOf('\r\n');
  if (at < 0) return null;
  const size = Number.parseInt(text.slice(0, at), 16);
  if (text.length < at + 2 + size + 2) return null;
  request.body += text.slice(at + 2, at + 2 + size);
  request.whole = size === 0;
  return text.slice(at + 2 + size + 2);
}
