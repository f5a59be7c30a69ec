// The first bytes of a reply's body: kept until somebody starts it, and looked at meanwhile. Says when the source may rest;
// never drops a byte and never gives one out twice. Bytes of ours may be put among them.

interface Peek {
  readonly most: number;
  readonly done: (bytes: Buffer) => void;
  readonly timer: NodeJS.Timeout;
}

/** A page that trickles, such as a report's progress, is not held back for longer than this, milliseconds. */
const longestLook = 2000;

export class EarlyBytes {
  readonly #peekMilliseconds: number;
  readonly #peeks = new Set<Peek>();
  #chunks: Buffer[] = [];
  #length = 0;

  /** A source that trickles is waited for no longer than this: what is there then has to do. */
  constructor(peekMilliseconds: number) {
    this.#peekMilliseconds = Math.min(peekMilliseconds, longestLook);
  }

  /** True while somebody waits for more; else the source should pause. */
  get isWaitedFor(): boolean {
    return this.#peeks.size > 0;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    for (const peek of this.#peeks) if (this.#length >= peek.most) this.#settle(peek);
  }

  /** At most `most` bytes as soon as they are here; fewer after `release`, or once the time is up. */
  peek(most: number): Promise<Buffer> {
    if (this.#length >= most) return Promise.resolve(this.#first(most));
    const { promise, resolve } = Promise.withResolvers<Buffer>();
    const timer = setTimeout(() => this.#settle(peek), this.#peekMilliseconds).unref();
    const peek: Peek = { most, done: resolve, timer };
    this.#peeks.add(peek);
    return promise;
  }

  /** Puts bytes of ours among those that are here; `at` counts from the first. */
  insert(at: number, bytes: Buffer): void {
    const held = this.#held();
    // In one piece, because each piece is a write of its own to the client.
    this.#chunks = [Buffer.concat([held.subarray(0, at), bytes, held.subarray(at)])];
    this.#length += bytes.length;
  }

  /** Nothing more comes, or nobody may wait any longer: everybody gets what is there. */
  release(): void {
    for (const peek of this.#peeks) this.#settle(peek);
  }

  /** Hands everything over, in order; nothing is kept. */
  takeAll(): readonly Buffer[] {
    this.release();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#length = 0;
    return chunks;
  }

  #settle(peek: Peek): void {
    clearTimeout(peek.timer);
    this.#peeks.delete(peek);
    peek.done(this.#first(peek.most));
  }

  #held(): Buffer {
    const [only, ...more] = this.#chunks;
    return only !== undefined && more.length === 0 ? only : Buffer.concat(this.#chunks);
  }

  #first(most: number): Buffer {
    return this.#held().subarray(0, Math.max(0, most));
  }
}
