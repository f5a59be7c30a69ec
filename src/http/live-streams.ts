// Knows what is under way for each session, from before it is sent to the EHR, so that ending a session or a permit ends
// its pending requests, downloads, event streams and WebSockets at once. Holds facts and callbacks, and decides nothing.

import type { Forwarded, Identified, Matched, SignedIn, Targeted } from '../facts.ts';
import type { LiveStream, StreamEnd } from '../ports.ts';

/** What a stream is judged by again while it runs. `reply` is there once the EHR has answered. */
export type StreamFacts = Identified & Targeted & SignedIn & Matched & Partial<Forwarded>;

const sessionEnded: StreamEnd = {
  transfer: 'session-ended',
  refusal: { kind: 'refusal', reason: 'session-expired', detail: 'The session ended while the EHR was at work' },
};

export class LiveStreams {
  readonly #streams = new Map<string, Set<Stream>>();

  /** Registers a request that is about to be sent on. */
  enter(facts: StreamFacts, sessionKey = facts.session.key): Stream {
    const stream = new Stream(facts, sessionKey, (one) => this.#remove(one));
    this.#add(stream);
    return stream;
  }

  /** The session goes on under another key, and its streams with it. */
  rename(from: string, to: string): void {
    for (const stream of this.#streams.get(from) ?? []) {
      this.#remove(stream);
      stream.sessionKey = to;
      this.#add(stream);
    }
  }

  /** Cuts everything of one session. */
  endSession(sessionKey: string): void {
    for (const stream of this.#streams.get(sessionKey) ?? []) stream.cut(sessionEnded);
  }

  /** Sessions that have something running. */
  sessions(): readonly string[] {
    return [...this.#streams.keys()];
  }

  /** What runs for one session. */
  of(sessionKey: string): readonly Stream[] {
    return [...(this.#streams.get(sessionKey) ?? [])];
  }

  /** The zones its streams were opened from. */
  zones(sessionKey: string): readonly string[] {
    return [...new Set(this.of(sessionKey).flatMap(({ facts }) => facts.zones))];
  }

  count(sessionKey: string): number {
    return this.#streams.get(sessionKey)?.size ?? 0;
  }

  #add(stream: Stream): void {
    const streams = this.#streams.get(stream.sessionKey) ?? new Set();
    this.#streams.set(stream.sessionKey, streams.add(stream));
  }

  #remove(stream: Stream): void {
    const streams = this.#streams.get(stream.sessionKey);
    streams?.delete(stream);
    if (streams?.size === 0) this.#streams.delete(stream.sessionKey);
  }
}

/** One request under way. */
export class Stream implements LiveStream {
  sessionKey: string;
  readonly facts: StreamFacts;
  readonly #leave: (stream: Stream) => void;
  #ended: StreamEnd | null = null;
  #onCut: ((end: StreamEnd) => void) | null = null;

  constructor(facts: StreamFacts, sessionKey: string, leave: (stream: Stream) => void) {
    this.facts = facts;
    this.sessionKey = sessionKey;
    this.#leave = leave;
  }

  get ended(): StreamEnd | null {
    return this.#ended;
  }

  onCut(callback: (end: StreamEnd) => void): void {
    if (this.#ended === null) this.#onCut = callback;
    else callback(this.#ended);
  }

  cut(end: StreamEnd): void {
    if (this.#ended !== null) return;
    this.#ended = end;
    this.#onCut?.(end);
  }

  leave(): void {
    this.#onCut = null;
    this.#leave(this);
  }
}
