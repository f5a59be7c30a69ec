// Requests that a client sent ahead on one connection, each waiting for the answer before it: Node hands them on at once.
// Nothing behind a request that ends its connection may ever be judged or forwarded (request smuggling), and nobody may
// send so many that keeping them takes the memory.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that may wait on one connection. No browser sends any ahead, and each is kept whole until its turn. */
const waitingMax = 16;

export class RequestTurns {
  readonly #waiting = new WeakMap<Socket, number>();
  readonly #refused: (address: string) => void;

  /** `refused` hears the address of a connection that was closed because too many waited on it. */
  constructor(refused: (address: string) => void) {
    this.#refused = refused;
  }

  /** Begins now, or when the answers before this one are out; never where the connection is gone by then. */
  take({ socket }: IncomingMessage, response: ServerResponse, begin: () => void): void {
    if (response.socket !== null) {
      begin();
      return;
    }
    const waiting = (this.#waiting.get(socket) ?? 0) + 1;
    if (waiting > waitingMax) {
      if (!socket.destroyed) this.#refused(socket.remoteAddress ?? '');
      socket.destroy();
      return;
    }
    this.#waiting.set(socket, waiting);
    response.once('socket', () => {
      this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1);
      begin();
    });
  }
}
