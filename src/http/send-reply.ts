// Streams the EHR's reply to the client: back-pressure both ways, the meter's pace and cut, a stall timer for readers
// that hang. A reply that the EHR broke off never looks complete to the client: its connection is destroyed.

import type { Limits } from '../config/edge-limits.ts';
import type { Refusal } from '../core/answer.ts';
import type { ReplyFacts } from '../reply/reply-step.ts';
import type { ReplySink, UpstreamReply } from '../ports.ts';
import type { Outcome } from '../facts.ts';
import { givingBack } from './give-memory-back.ts';
import type { NodeExchange } from './node-exchange.ts';

/** What went over the wire. */
export interface Sent {
  readonly status: number;
  readonly bytes: number;
  readonly transfer: Outcome['transfer'];
  /** What a live connection's client sent; a request's body is counted elsewhere. */
  readonly bytesIn?: number;
  /** Set where nothing was sent because the reply was cut before its first byte: the answer to give instead. */
  readonly refusal?: Refusal;
}

/** Asked before bytes go out: how long to wait first, or that the budget has ended. */
export interface Meter {
  take(bytes: number): { readonly waitMilliseconds: number } | { readonly cut: 'budget' };
  /** What the person is told where the cut came before the first byte. */
  explain(): Refusal;
  finished(bytesSent: number): void;
}

export interface SendReplyNeeds {
  readonly meterFor: (facts: ReplyFacts) => Meter;
  readonly limits: Pick<Limits, 'stallSeconds' | 'minimumBytesPerSecond'>;
}

// Not 205: what says no length there would leave the client waiting for the one that the EHR named.
const bodyless = new Set([204, 304]);

/** Sends the reply; resolves when the response is finished or gone. */
export function sendReply(needs: SendReplyNeeds, facts: ReplyFacts, exchange: NodeExchange, reply: UpstreamReply): Promise<Sent> {
  const { response } = exchange;
  if (response.destroyed || response.closed) {
    reply.abort(new Error('The client left'));
    return Promise.resolve({ status: reply.status, bytes: 0, transfer: 'client-abort' });
  }
  // An EHR that answers before it has read the request leaves the rest of it unread: nothing may follow on the connection.
  if (!exchange.request.complete) response.shouldKeepAlive = false;
  return new Promise((resolve) => new Transfer(needs, facts, exchange, reply, resolve).begin());
}

class Transfer implements ReplySink {
  readonly #exchange: NodeExchange;
  readonly #reply: UpstreamReply;
  readonly #meter: Meter;
  readonly #sends: boolean;
  readonly #minimumPerWindow: number;
  readonly #stallSeconds: number;
  readonly #facts: ReplyFacts;
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
  #status: number;
  /** The head is on its way: from here on the client can only be told by a broken line. */
  #begun = false;
  /** Nothing more comes from us; another answer may be given in its place. */
  #over = false;

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
    this.#status = reply.status;
    this.#facts = facts;
  }

  begin(): void {
    const { response } = this.#exchange;
    response.on('drain', this.#drained);
    response.once('close', this.#closed);
    this.#facts.stream.onCut(({ transfer }) => this.#cut(transfer));
    this.#reply.start(this);
  }

  data(chunk: Buffer): boolean {
    if (!this.#sends || this.#over) return true;
    const verdict = this.#meter.take(chunk.length);
    if ('cut' in verdict) {
      if (this.#begun) this.#cut('budget-cut');
      else this.#refuse();
      return true;
    }
    if (verdict.waitMilliseconds > 0 || this.#paced.length > 0) return this.#later(chunk, verdict.waitMilliseconds);
    return this.#write(chunk);
  }

  end(): void {
    this.#ending = true;
    if (this.#paced.length === 0) this.#finish();
  }

  fail(cause: Error): void {
    if (this.#over) return;
    // A client that leaves stops the EHR as well; it is not the EHR that broke off then.
    const { stream } = this.#facts;
    this.#cut(stream.ended?.transfer ?? (this.#exchange.aborted ? 'client-abort' : 'upstream-cut'), cause);
  }

  #write(chunk: Buffer): boolean {
    const { response } = this.#exchange;
    if (response.destroyed || !this.#begin()) return true;
    this.#bytes += chunk.length;
    const room = response.write(chunk, givingBack(chunk));
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
    if (this.#ending) this.#finish();
    else if (room) this.#reply.resume();
  }

  #awaitClient(): void {
    this.#waitsForClient = true;
    if (this.#timer) return;
    this.#waitedAtTick = true;
    this.#bytesAtTick = this.#flushed();
    this.#timer = setInterval(() => this.#tick(), this.#stallSeconds * 1000);
  }

  readonly #drained = (): void => {
    this.#waitsForClient = false;
    if (this.#paced.length === 0) this.#reply.resume();
  };

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

  /** Writes the head before the first byte. False where it cannot be written: then nothing is. */
  #begin(): boolean {
    if (this.#begun) return true;
    this.#begun = true;
    try {
      this.#exchange.response.writeHead(this.#reply.status, this.#reply.headers);
      return true;
    } catch (cause) {
      this.#status = 502;
      this.#cut('upstream-cut', cause as Error);
      return false;
    }
  }

  #finish(): void {
    if (!this.#over && this.#begin()) this.#exchange.response.end();
  }

  // Over the budget before the first byte: the response is handed back unused, and the refusal is written on it.
  #refuse(): void {
    const refusal = this.#meter.explain();
    this.#exchange.response.off('drain', this.#drained).off('close', this.#closed);
    this.#stop();
    this.#reply.abort(new Error('The budget ended before the first byte'));
    this.#done({ status: this.#status, bytes: 0, transfer: 'budget-cut', refusal });
  }

  #stop(): void {
    this.#over = true;
    if (this.#timer) clearInterval(this.#timer);
    if (this.#pacer) clearTimeout(this.#pacer);
    this.#paced.length = 0;
    this.#meter.finished(this.#bytes);
  }

  readonly #closed = (): void => {
    this.#stop();
    const finished = this.#exchange.response.writableFinished;
    if (!finished && this.#how === 'complete') this.#how = 'client-abort';
    if (!finished) this.#reply.abort(new Error('The client left'));
    this.#done({ status: this.#status, bytes: this.#bytes, transfer: this.#how });
  };
}
