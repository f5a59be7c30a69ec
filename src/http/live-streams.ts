// Knows what is still flowing for each session, so that ending a session ends its downloads, event streams and
// WebSockets at once. Holds nothing but callbacks.

interface Stream {
  sessionKey: string;
  readonly zones: readonly string[];
  readonly cut: () => void;
}

export class LiveStreams {
  readonly #streams = new Map<string, Set<Stream>>();

  /** Registers a running stream; `cut` is called when its session ends. Returns the function that takes it out again. */
  enter(sessionKey: string, zones: readonly string[], cut: () => void): () => void {
    const stream = { sessionKey, zones, cut };
    this.#add(stream);
    return () => this.#remove(stream);
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
    for (const { cut } of this.#streams.get(sessionKey) ?? []) cut();
  }

  /** Sessions that have something running. */
  sessions(): readonly string[] {
    return [...this.#streams.keys()];
  }

  /** The zones its streams were opened from. */
  zones(sessionKey: string): readonly string[] {
    return [...new Set([...(this.#streams.get(sessionKey) ?? [])].flatMap(({ zones }) => zones))];
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
