// Streams the EHR's reply to the client: back-pressure both ways, the meter's pace and cut, a stall timer for readers
// that hang. A reply that the EHR broke off never looks complete to the client: its connection is destroyed.

import type { Limits } from '../config/settings.ts';
import type { ReplyFacts } from '../reply/reply-step.ts';
import type { ReplySink, UpstreamReply } from '../ports.ts';
import type { Outcome } from '../facts.ts';
import type { NodeExchange } from './node-exchange.ts';
import type { LiveStreams } from './live-streams.ts';

/** What went over the wire. */
export interface Sent {
  readonly status: number;
  readonly bytes: number;
  readonly transfer: Outcome['transfer'];
}

/** Asked before bytes go out: how long to wait first, or that the budget has ended. */
export interface Meter {
  take(bytes: number): { readonly waitMilliseconds: number } | { readonly cut: 'budget' };
  finished(bytesSent: number): void;
}

export interface SendReplyNeeds {
  readonly meterFor: (facts: ReplyFacts) => Meter;
  readonly live: LiveStreams;
  readonly limits: Pick<Limits, 'stallSeconds' | 'minimumBytesPerSecond'>;
}

const bodyless = new Set([204, 205, 304]);

/** Sends the reply; resolves when the response is finished or gone. */
export function sendReply(needs: SendReplyNeeds, facts: ReplyFacts, exchange: NodeExchange, reply: UpstreamReply): Promise<Sent> {
  const { response } = exchange;
  if (response.destroyed || response.closed) {
    reply.abort(new Error('The client left'));
    return Promise.resolve({ status: reply.status, bytes: 0, transfer: 'client-abort' });
  }
  try {
    response.writeHead(reply.status, reply.headers);
  } catch (cause) {
    reply.abort(cause as Error);
    response.destroy();
    return Promise.resolve({ status: 502, bytes: 0, transfer: 'upstream-cut' });
  }
  return new Promise((resolve) => new Transfer(needs, facts, exchange, reply, resolve).begin());
}

class Transfer implements ReplySink {
  readonly #exchange: NodeExchange;
  readonly #reply: UpstreamReply;
  readonly #meter: Meter;
  readonly #sends: boolean;
  readonly #minimumPerWindow: number;
  readonly #stallSeconds: number;
  readonly #release: () => void;
  readonly #done: (sent: Sent) => void;
  #timer: NodeJS.Timeout | null = null;
  #bytes = 0;
  #bytesAtTick = 0;
  #waitsForClient = false;
  #pacing = 0;
  #ending = false;
  #how: Outcome['transfer'] = 'complete';

  constructor(needs: SendReplyNeeds, facts: ReplyFacts, exchange: NodeExchange, reply: UpstreamReply, done: (sent: Sent) => void) {
    this.#exchange = exchange;
    this.#reply = reply;
    this.#meter = needs.meterFor(facts);
    this.#sends = facts.method !== 'HEAD' && !bodyless.has(reply.status);
    this.#minimumPerWindow = needs.limits.minimumBytesPerSecond * needs.limits.stallSeconds;
    this.#stallSeconds = needs.limits.stallSeconds;
    this.#done = done;
    this.#release = needs.live.enter(facts.session.key, () => this.#cut('session-ended'));
  }

  begin(): void {
    const { response } = this.#exchange;
    response.on('drain', () => this.#drained());
    response.once('close', () => this.#closed());
    this.#reply.start(this);
  }

  data(chunk: Buffer): boolean {
    if (!this.#sends) return true;
    const verdict = this.#meter.take(chunk.length);
    if ('cut' in verdict) {
      this.#cut('budget-cut');
      return true;
    }
    if (verdict.waitMilliseconds > 0 || this.#pacing > 0) return this.#later(chunk, verdict.waitMilliseconds);
    return this.#write(chunk);
  }

  end(): void {
    this.#ending = true;
    if (this.#pacing === 0) this.#exchange.response.end();
  }

  fail(cause: Error): void {
    this.#cut('upstream-cut', cause);
  }

  #write(chunk: Buffer): boolean {
    const { response } = this.#exchange;
    if (response.destroyed) return true;
    this.#bytes += chunk.length;
    const room = response.write(chunk);
    if (!room) this.#awaitClient();
    return room;
  }

  // One chunk at a time waits for its turn; the source is paused until it has gone out.
  #later(chunk: Buffer, milliseconds: number): boolean {
    this.#pacing += 1;
    setTimeout(() => {
      this.#pacing -= 1;
      const room = this.#write(chunk);
      if (this.#pacing > 0) return;
      if (this.#ending) this.#exchange.response.end();
      else if (room) this.#reply.resume();
    }, milliseconds);
    return false;
  }

  #awaitClient(): void {
    this.#waitsForClient = true;
    this.#bytesAtTick = this.#flushed();
    this.#timer ??= setInterval(() => this.#tick(), this.#stallSeconds * 1000);
  }

  #drained(): void {
    this.#waitsForClient = false;
    if (this.#pacing === 0) this.#reply.resume();
  }

  #tick(): void {
    const flushed = this.#flushed();
    if (this.#waitsForClient && flushed - this.#bytesAtTick < this.#minimumPerWindow) this.#cut('stalled');
    this.#bytesAtTick = flushed;
  }

  #flushed(): number {
    return this.#exchange.request.socket.bytesWritten - this.#exchange.response.writableLength;
  }

  #cut(how: Outcome['transfer'], cause?: Error): void {
    if (this.#how === 'complete') this.#how = how;
    this.#reply.abort(new Error(`The transfer was cut: ${how}`, { cause }));
    this.#exchange.response.destroy();
  }

  #closed(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#release();
    const finished = this.#exchange.response.writableFinished;
    if (!finished && this.#how === 'complete') this.#how = 'client-abort';
    if (!finished) this.#reply.abort(new Error('The client left'));
    this.#meter.finished(this.#bytes);
    this.#done({ status: this.#reply.status, bytes: this.#bytes, transfer: this.#how });
  }
}
