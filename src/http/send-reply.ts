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
  // An EHR that answers before it has read the request leaves the rest of it unread: nothing may follow on the connection.
  if (!exchange.request.complete) response.shouldKeepAlive = false;
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
  #waitedAtTick = false;
  /** Chunks that wait for the pace, oldest first: timers of one millisecond may fire in either order. */
  readonly #paced: { readonly chunk: Buffer; readonly dueAt: number }[] = [];
  #pacer: NodeJS.Timeout | null = null;
  #ending = false;
  #how: Outcome['transfer'] = 'complete';

  constructor(
    needs: SendReplyNeeds,
    facts: ReplyFacts,
    exchange: NodeExchange,
    reply: UpstreamReply,
    done: (sent: Sent) => void,
  ) {
    this.#exchange = exchange;
    this.#reply = reply;
    this.#meter = needs.meterFor(facts);
    this.#sends = facts.method !== 'HEAD' && !bodyless.has(reply.status);
    this.#minimumPerWindow = needs.limits.minimumBytesPerSecond * needs.limits.stallSeconds;
    this.#stallSeconds = needs.limits.stallSeconds;
    this.#done = done;
    this.#release = needs.live.enter(facts.session.key, facts.zones, () => this.#cut('session-ended'));
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
    if (verdict.waitMilliseconds > 0 || this.#paced.length > 0) return this.#later(chunk, verdict.waitMilliseconds);
    return this.#write(chunk);
  }

  end(): void {
    this.#ending = true;
    if (this.#paced.length === 0) this.#exchange.response.end();
  }

  fail(cause: Error): void {
    // A client that leaves stops the EHR as well; it is not the EHR that broke off then.
    this.#cut(this.#exchange.aborted ? 'client-abort' : 'upstream-cut', cause);
  }

  #write(chunk: Buffer): boolean {
    const { response } = this.#exchange;
    if (response.destroyed) return true;
    this.#bytes += chunk.length;
    const room = response.write(chunk);
    if (!room) this.#awaitClient();
    return room;
  }

  // The source is paused until every chunk that waits has gone out, in the order in which they came.
  #later(chunk: Buffer, milliseconds: number): boolean {
    this.#paced.push({ chunk, dueAt: performance.now() + milliseconds });
    this.#pacer ??= setTimeout(() => this.#sendPaced(), milliseconds);
    return false;
  }

  #sendPaced(): void {
    let room = true;
    let next = this.#paced[0];
    while (next && next.dueAt <= performance.now() + 1) {
      room = this.#write(next.chunk);
      this.#paced.shift();
      next = this.#paced[0];
    }
    this.#pacer = next ? setTimeout(() => this.#sendPaced(), next.dueAt - performance.now()) : null;
    if (next) return;
    if (this.#ending) this.#exchange.response.end();
    else if (room) this.#reply.resume();
  }

  #awaitClient(): void {
    this.#waitsForClient = true;
    if (this.#timer) return;
    this.#waitedAtTick = true;
    this.#bytesAtTick = this.#flushed();
    this.#timer = setInterval(() => this.#tick(), this.#stallSeconds * 1000);
  }

  #drained(): void {
    this.#waitsForClient = false;
    if (this.#paced.length === 0) this.#reply.resume();
  }

  // A whole window counts, and only one that began and ended with the client being waited for: in any other the EHR may
  // have been the slow one.
  #tick(): void {
    const flushed = this.#flushed();
    const isSlow = flushed - this.#bytesAtTick < this.#minimumPerWindow;
    if (this.#waitsForClient && this.#waitedAtTick && isSlow) this.#cut('stalled');
    this.#waitedAtTick = this.#waitsForClient;
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
    if (this.#pacer) clearTimeout(this.#pacer);
    this.#paced.length = 0;
    this.#release();
    const finished = this.#exchange.response.writableFinished;
    if (!finished && this.#how === 'complete') this.#how = 'client-abort';
    if (!finished) this.#reply.abort(new Error('The client left'));
    this.#meter.finished(this.#bytes);
    this.#done({ status: this.#reply.status, bytes: this.#bytes, transfer: this.#how });
  }
}
