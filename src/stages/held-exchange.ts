// The exchange of somebody who sends a held post: their own connection, with the held bytes in the place of the small form
// that asked for it. What follows in the list sees the post as if the browser had sent it just now.

import { Buffer } from 'node:buffer';
import type { Door } from '../machine-ports.ts';
import type { Exchange, RequestBody } from '../ports.ts';

export class HeldExchange implements Exchange {
  readonly body: RequestBody;
  readonly #asked: Exchange;

  constructor(asked: Exchange, bytes: Buffer) {
    this.#asked = asked;
    this.body = {
      declaredBytes: bytes.length,
      receivedBytes: bytes.length,
      cut: null,
      readAhead: (most) => Promise.resolve(bytes.length > most ? { read: 'too-large' } : { read: 'whole', bytes }),
      forwardable: () => bytes,
    };
  }

  get method(): string {
    return this.#asked.method;
  }
  get rawTarget(): string {
    return this.#asked.rawTarget;
  }
  get httpVersion(): string {
    return this.#asked.httpVersion;
  }
  get rawHeaders(): readonly string[] {
    return this.#asked.rawHeaders;
  }
  get peerAddress(): string {
    return this.#asked.peerAddress;
  }
  get door(): Door {
    return this.#asked.door;
  }
  get isUpgrade(): boolean {
    return this.#asked.isUpgrade;
  }
  get aborted(): boolean {
    return this.#asked.aborted;
  }

  onAbort(callback: () => void): void {
    this.#asked.onAbort(callback);
  }
}
