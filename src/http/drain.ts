// Ends the listener in order: nothing new is taken, what runs may finish, and after a given time, or when somebody is in a
// hurry, the rest is cut. Knows when the last exchange has also settled, so that its outcome is still recorded. It never
// decides when to stop.

import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Idle connections and WebSockets that opened at the last moment are ended this often. */
const sweepMilliseconds = 200;
/** Time for connections that were cut to be gone, and for their exchanges to write their outcome. */
const settleMilliseconds = 2000;

/** Close code of a server that goes away (RFC 6455 section 7.4.1). */
const goingAway = 1001;

export class Drain {
  readonly #server: Server;
  readonly #sockets: ReadonlySet<(code: number) => void>;
  readonly #connections = new Set<Socket>();
  #running = 0;
  #onSettled: (() => void) | null = null;
  #onCut: (() => void) | null = null;
  #hurried = false;

  /** `sockets` holds the closer of every open WebSocket. */
  constructor(server: Server, sockets: ReadonlySet<(code: number) => void>) {
    this.#server = server;
    this.#sockets = sockets;
    // Node's server forgets connections that left HTTP or have not finished their TLS handshake, but waits for them.
    server.on('connection', (socket: Socket) => {
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
    });
  }

  /** Counts an exchange until it has settled. */
  async watch(exchange: Promise<void>): Promise<void> {
    this.#running += 1;
    try {
      await exchange;
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#onSettled?.();
    }
  }

  /** Resolves when every connection is closed and every exchange has settled; never much later than the given time. */
  async end(milliseconds: number): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#sweep();
    const sweep = setInterval(() => this.#sweep(), sweepMilliseconds);
    const timer = setTimeout(() => this.hurry(), milliseconds);
    const cut = new Promise<void>((resolve) => (this.#onCut = resolve));
    if (this.#hurried) this.hurry();
    await Promise.race([closed, cut.then(() => within(settleMilliseconds, closed))]);
    clearInterval(sweep);
    clearTimeout(timer);
    for (const socket of this.#connections) socket.destroy();
    await within(settleMilliseconds, this.#settled());
  }

  /** Cuts what still runs, now or as soon as the end begins. */
  hurry(): void {
    this.#hurried = true;
    this.#onCut?.();
    if (this.#onCut === null) return;
    this.#sweep();
    this.#server.closeAllConnections();
  }

  #sweep(): void {
    for (const end of this.#sockets) end(goingAway);
    this.#server.closeIdleConnections();
    for (const socket of this.#connections) if (socket.bytesRead === 0) socket.destroy();
  }

  #settled(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => (this.#onSettled = resolve));
  }
}

/** Waits for the promise, but no longer than the given time. */
async function within(milliseconds: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | null = null;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([promise, over]);
  if (timer !== null) clearTimeout(timer);
}
