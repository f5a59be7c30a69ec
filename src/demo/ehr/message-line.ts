// The EHR's WebSocket: it greets the person by name and echoes what is typed. With `?forever` it also ticks each second.
// Like its pages it asks for a login, and like many of its kind it does not look at Origin.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { OpenSession } from './sessions.ts';

export const MESSAGE_PATH = '/ws/messages';
const MAX_MESSAGE_BYTES = 64 * 1024;
const TICK_MILLISECONDS = 1000;

export class MessageLine {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });

  /** Completes the upgrade; `setCookie` goes out with the 101 where the session is new. */
  join(request: IncomingMessage, socket: Duplex, head: Buffer, session: OpenSession, setCookie: string | null): void {
    if (setCookie !== null) this.#server.once('headers', (headers) => headers.push(`Set-Cookie: ${setCookie}`));
    this.#server.handleUpgrade(request, socket, head, (line) => this.#greet(line, request, session));
  }

  #greet(line: WebSocket, request: IncomingMessage, session: OpenSession): void {
    line.on('error', () => line.terminate());
    line.on('message', (data, isBinary) => line.send(data, { binary: isBinary }));
    line.send(`Welcome, ${session.user.displayName}`);
    if (!new URLSearchParams(request.url?.split('?', 2)[1]).has('forever')) return;
    const timer = setInterval(() => line.send('tick'), TICK_MILLISECONDS);
    line.on('close', () => clearInterval(timer));
  }

  /** Cuts every open line. */
  close(): void {
    for (const line of this.#server.clients) line.terminate();
    this.#server.close();
  }
}
