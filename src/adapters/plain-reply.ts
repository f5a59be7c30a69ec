// The EHR's ordinary answer to a WebSocket handshake, as Node delivers it. Nothing of the body flows before `start`, but for
// what a look at the first bytes waits for.

import type { IncomingMessage } from 'node:http';
import type { ReplySink, UpstreamReply } from '../ports.ts';
import { EarlyBytes } from './early-bytes.ts';

export class PlainReply implements UpstreamReply {
  status: number;
  headers: string[];
  readonly upgraded = null;
  readonly #incoming: IncomingMessage;
  readonly #early: EarlyBytes;
  #sink: ReplySink | null = null;
  #isListening = false;
  #hasEnded = false;
  #isTold = false;

  /** A look at the first bytes waits for at most `peekMilliseconds`. */
  constructor(incoming: IncomingMessage, peekMilliseconds: number) {
    this.#incoming = incoming;
    this.#early = new EarlyBytes(peekMilliseconds);
    this.status = incoming.statusCode ?? 502;
    this.headers = [...incoming.rawHeaders];
    incoming.on('error', (cause) => this.#broke(cause));
  }

  peek(most: number): Promise<Buffer> {
    const looked = this.#early.peek(most);
    if (this.#sink || this.#hasEnded || this.#broken() !== null) this.#early.release();
    else if (this.#early.isWaitedFor) this.#flow();
    return looked;
  }

  insert(at: number, bytes: Buffer): void {
    this.#early.insert(at, bytes);
  }

  start(sink: ReplySink): void {
    let room = true;
    for (const chunk of this.#early.takeAll()) room = sink.data(chunk) && room;
    this.#sink = sink;
    // It may have broken while the reply list was at work.
    const broken = this.#broken();
    if (this.#hasEnded) this.#tellEnd(sink);
    else if (broken !== null) this.#broke(broken);
    else if (room) this.#flow();
  }

  resume(): void {
    this.#flow();
  }

  abort(cause: Error): void {
    this.#early.release();
    this.#incoming.destroy(cause);
  }

  #flow(): void {
    if (!this.#isListening) {
      this.#isListening = true;
      this.#incoming.on('data', (chunk: Buffer) => this.#take(chunk));
      this.#incoming.on('end', () => this.#end());
    }
    this.#incoming.resume();
  }

  #take(chunk: Buffer): void {
    if (this.#sink) {
      if (!this.#sink.data(chunk)) this.#incoming.pause();
      return;
    }
    this.#early.add(chunk);
    if (!this.#early.isWaitedFor) this.#incoming.pause();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#early.release();
    if (this.#sink) this.#tellEnd(this.#sink);
  }

  #broke(cause: Error): void {
    this.#early.release();
    if (this.#sink === null || this.#isTold) return;
    this.#isTold = true;
    this.#sink.fail(cause);
  }

  #tellEnd(sink: ReplySink): void {
    if (this.#isTold) return;
    this.#isTold = true;
    sink.end();
  }

  /** Why nothing more will come, or null. */
  #broken(): Error | null {
    return this.#incoming.errored ?? (this.#incoming.destroyed ? new Error('The EHR broke off') : null);
  }
}
