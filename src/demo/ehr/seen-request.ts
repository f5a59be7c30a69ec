// A record of what reached the EHR, so that a test can say "this never arrived". The oldest records make room for new ones.

import { IncomingMessage } from 'node:http';

const MAX_REMEMBERED = 20_000;

/** `target` is the request line's, `headers` are name, value, name, value as received; `bodyBytes` grows while the body arrives. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly bodyBytes: number;
}

/** A request that counts its body's bytes even where no page reads them. */
export class CountedRequest extends IncomingMessage {
  seen: { bodyBytes: number } | null = null;

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (this.seen !== null && Buffer.isBuffer(chunk)) this.seen.bodyBytes += chunk.length;
    return super.push(chunk, encoding);
  }
}

export class SeenRequests {
  readonly #list: SeenRequest[] = [];
  readonly #observe: (request: SeenRequest) => void;

  /** `observe` is called as soon as a request's headers are there. */
  constructor(observe: (request: SeenRequest) => void) {
    this.#observe = observe;
  }

  note(request: CountedRequest): void {
    const seen = { method: request.method ?? '', target: request.url ?? '', headers: request.rawHeaders, bodyBytes: 0 };
    request.seen = seen;
    this.#list.push(seen);
    if (this.#list.length > MAX_REMEMBERED) this.#list.shift();
    this.#observe(seen);
  }

  /** Oldest first. */
  all(): readonly SeenRequest[] {
    return [...this.#list];
  }
}
