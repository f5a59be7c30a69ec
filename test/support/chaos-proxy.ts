// A cable between the gateway and one thing it needs, which a test can cut, slow or pull on one side. It knows nothing of what
// it carries. Bytes that a partition holds up go on when it is over, as TCP sends them again; nothing is ever left out or twice.

import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** `up` goes to what the gateway needs, `down` comes back from it. */
export type Direction = 'up' | 'down';

/** How the cable is. What a test leaves out is as it should be. */
export interface Weather {
  /** Nothing passes these ways, and nobody is told: a partition, or a machine that hangs. Connections are still accepted. */
  readonly held?: readonly Direction[];
  /** Each byte comes so much later; the order stays. */
  readonly delayMilliseconds?: number;
  readonly bytesPerSecond?: number;
  /** A connection is reset once so many bytes of it have gone that way. */
  readonly cutAfter?: { readonly way: Direction; readonly bytes: number };
}

export interface ChaosProxy {
  readonly port: number;
  /** Connections accepted so far. */
  readonly accepted: () => number;
  /** Connections that are open now. */
  readonly open: () => number;
  /** Of all connections that are and that come. Without a word it is as it should be. */
  readonly weather: (weather?: Weather) => void;
  /** Accepts and never answers; what is under way stands still. */
  readonly blackHole: () => void;
  /** Resets what is under way; new connections are taken. */
  readonly cut: () => void;
  /** Resets what is under way; whoever comes is refused by the machine, until `accept`. */
  readonly refuse: () => Promise<void>;
  /** Listens again, at the same port. */
  readonly accept: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const host = '127.0.0.1';
/** Read ahead of one way of one connection before its sender has to wait. */
const mostHeldBytes = 1_000_000;
const sliceMilliseconds = 20;

/** `target` is the port of what stands behind it on this machine. */
export async function chaosProxy(target: number): Promise<ChaosProxy> {
  const sky = new Sky();
  const cables = new Set<Cable>();
  let accepted = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    accepted += 1;
    const cable = new Cable(near, target, sky);
    cables.add(cable);
    near.once('close', () => cables.delete(cable));
  });
  const port = await listenAt(server, 0);
  const cut = (): void => {
    for (const cable of cables) cable.reset();
  };
  const refuse = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    cut();
    await closed;
  };
  return {
    port,
    accepted: () => accepted,
    open: () => cables.size,
    weather: (weather = {}) => sky.change(weather),
    blackHole: () => sky.change({ held: ['up', 'down'] }),
    cut,
    refuse,
    accept: async () => void (server.listening || (await listenAt(server, port))),
    close: refuse,
  };
}

async function listenAt(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** What the weather is, and a word when it changes. */
class Sky {
  now: Weather = {};
  #changed = Promise.withResolvers<void>();

  change(weather: Weather): void {
    this.now = weather;
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }

  async until(passes: (weather: Weather) => boolean): Promise<void> {
    while (!passes(this.now)) await this.#changed.promise;
  }
}

/** One connection of the gateway and its other half. */
class Cable {
  readonly #sockets: readonly Socket[];

  constructor(near: Socket, target: number, sky: Sky) {
    const far = connect({ port: target, host, allowHalfOpen: true, noDelay: true });
    this.#sockets = [near, far];
    const reset = (): void => this.reset();
    const up = new Way(near, far, 'up', sky, reset);
    const down = new Way(far, near, 'down', sky, reset);
    near.on('error', reset).once('close', () => up.over());
    far.on('error', reset).once('close', () => down.over());
  }

  reset(): void {
    for (const socket of this.#sockets) if (!socket.destroyed) socket.resetAndDestroy();
  }
}

/** One direction of it. */
class Way {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #name: Direction;
  readonly #sky: Sky;
  readonly #reset: () => void;
  /** Null is the end. */
  readonly #queue: { readonly bytes: Buffer | null; readonly at: number }[] = [];
  #heldBytes = 0;
  #passed = 0;
  #isRunning = false;
  #isOver = false;

  constructor(from: Socket, to: Socket, name: Direction, sky: Sky, reset: () => void) {
    [this.#from, this.#to, this.#name, this.#sky, this.#reset] = [from, to, name, sky, reset];
    from.on('data', (bytes: Buffer) => this.#take(bytes)).on('end', () => this.#take(null));
  }

  /** The sender is gone, and did not say that it was done: what it sent before still arrives, as its end would. */
  over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#take(null);
  }

  #take(bytes: Buffer | null): void {
    this.#isOver ||= bytes === null;
    this.#queue.push({ bytes, at: performance.now() });
    this.#heldBytes += bytes?.length ?? 0;
    if (this.#heldBytes > mostHeldBytes) this.#from.pause();
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      await this.#due(next.at);
      this.#queue.shift();
      this.#heldBytes -= next.bytes?.length ?? 0;
      if (next.bytes === null) this.#to.end();
      else await this.#pass(next.bytes);
      if (this.#heldBytes <= mostHeldBytes) this.#from.resume();
    }
    this.#isRunning = false;
  }

  async #due(at: number): Promise<void> {
    const left = at + (this.#sky.now.delayMilliseconds ?? 0) - performance.now();
    if (left > 0) await after(left);
    await this.#sky.until(({ held = [] }) => !held.includes(this.#name));
  }

  async #pass(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const { bytesPerSecond, cutAfter } = this.#sky.now;
      const most = bytesPerSecond === undefined ? bytes.length : Math.max(1, (bytesPerSecond * sliceMilliseconds) / 1000);
      const left = cutAfter?.way === this.#name ? cutAfter.bytes - this.#passed : bytes.length;
      const slice = bytes.subarray(at, at + Math.min(most, Math.max(left, 0)));
      await this.#write(slice);
      at += slice.length;
      if (slice.length >= left && cutAfter?.way === this.#name) return this.#reset();
      if (bytesPerSecond !== undefined) await after(sliceMilliseconds);
    }
    return undefined;
  }

  /** Resolves once it has left, or never will. */
  #write(bytes: Buffer): Promise<void> {
    this.#passed += bytes.length;
    return new Promise((resolve) => {
      if (this.#to.destroyed) resolve();
      else this.#to.write(bytes, () => resolve());
    });
  }
}

const after = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
