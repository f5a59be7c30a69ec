// A request's body: read ahead for a rule that needs form fields, or streamed to the EHR under a size limit, a minimum
// rate and a stall timer. Never keeps more than the read-ahead limit in memory.

import { Transform } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import type { Readable, TransformCallback } from 'node:stream';
import type { Limits } from '../config/limits.ts';
import type { ReadAhead, RequestBody } from '../ports.ts';

type BodyLimits = Pick<Limits, 'bodyBytes' | 'minimumBytesPerSecond' | 'stallSeconds'>;

/** Why a body was cut while it streamed. */
export class BodyCut extends Error {
  readonly reason: 'body-too-large' | 'body-too-slow';
  constructor(reason: 'body-too-large' | 'body-too-slow') {
    super(`The request's body was cut: ${reason}`);
    this.name = 'BodyCut';
    this.reason = reason;
  }
}

/** The body of a request that has none. */
export const noBody: RequestBody = {
  declaredBytes: 0,
  receivedBytes: 0,
  cut: null,
  readAhead: () => Promise.resolve({ read: 'whole', bytes: Buffer.alloc(0) }),
  forwardable: () => null,
};

export class NodeBody implements RequestBody {
  readonly declaredBytes: number | null;
  readonly #request: IncomingMessage;
  readonly #limits: BodyLimits;
  #held: Buffer | null = null;
  #stream: CountedBody | null = null;
  #received = 0;

  constructor(request: IncomingMessage, limits: BodyLimits) {
    this.#request = request;
    this.#limits = limits;
    const length = request.headers['content-length'];
    this.declaredBytes = length === undefined ? null : Number(length);
  }

  get receivedBytes(): number {
    return this.#stream?.bytes ?? this.#received;
  }

  get cut(): RequestBody['cut'] {
    return this.#stream?.errored instanceof BodyCut ? this.#stream.errored.reason : null;
  }

  async readAhead(maxBytes: number, timeoutMilliseconds: number): Promise<ReadAhead> {
    if (this.#held) return { read: 'whole', bytes: this.#held };
    if (this.declaredBytes !== null && this.declaredBytes > maxBytes) return { read: 'too-large' };
    const result = await collect(this.#request, maxBytes, timeoutMilliseconds);
    if (result.read !== 'whole') return result;
    this.#held = result.bytes;
    this.#received = result.bytes.length;
    return result;
  }

  forwardable(): Buffer | Readable | null {
    if (this.#held) return this.#held;
    if (this.#stream) return this.#stream;
    const stream = new CountedBody(this.#limits);
    this.#stream = stream;
    this.#request.on('error', (cause) => stream.destroy(cause));
    this.#request.on('close', () => {
      if (!this.#request.complete) stream.destroy(new Error('The client left before its request was complete'));
    });
    return this.#request.pipe(stream);
  }
}

/** Passes bytes on, counts them, and cuts a body that is too large or too slow. */
class CountedBody extends Transform {
  bytes = 0;
  readonly #limits: BodyLimits;
  readonly #timer: NodeJS.Timeout;
  #bytesAtTick = 0;

  constructor(limits: BodyLimits) {
    super();
    this.#limits = limits;
    this.#timer = setInterval(() => this.#tick(), limits.stallSeconds * 1000);
    this.#timer.unref();
    // Whoever reads the body listens for its errors; one that nobody reads any more must not end the process.
    this.on('error', () => undefined);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.#limits.bodyBytes) done(new BodyCut('body-too-large'));
    else done(null, chunk);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#timer);
    done(error);
  }

  // A body that waits for the EHR to read is not slow; only one that waits for the client is.
  #tick(): void {
    const arrived = this.bytes - this.#bytesAtTick;
    this.#bytesAtTick = this.bytes;
    const waitsForEhr = this.readableLength > 0;
    if (!this.writableEnded && !waitsForEhr && arrived < this.#limits.minimumBytesPerSecond * this.#limits.stallSeconds) {
      this.destroy(new BodyCut('body-too-slow'));
    }
  }
}

function collect(request: IncomingMessage, maxBytes: number, timeoutMilliseconds: number): Promise<ReadAhead> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => finish({ read: 'too-slow' }), timeoutMilliseconds);
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) finish({ read: 'too-large' });
    };
    const onEnd = (): void => finish({ read: 'whole', bytes: Buffer.concat(chunks) });
    const onGone = (): void => finish({ read: 'aborted' });
    function finish(result: ReadAhead): void {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone);
      if (result.read !== 'whole') request.pause();
      resolve(result);
    }
    request.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
  });
}
