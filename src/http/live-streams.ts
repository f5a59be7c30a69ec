// Knows what is still flowing for each session, so that ending a session ends its downloads, event streams and
// WebSockets at once. Holds nothing but callbacks.

export class LiveStreams {
  readonly #streams = new Map<string, Set<() => void>>();

  /** Registers a running stream; `cut` is called when its session ends. Returns the function that takes it out again. */
  enter(sessionKey: string, cut: () => void): () => void {
    let streams = this.#streams.get(sessionKey);
    if (!streams) this.#streams.set(sessionKey, (streams = new Set()));
    streams.add(cut);
    return () => this.#leave(sessionKey, cut);
  }

  /** Cuts everything of one session. */
  endSession(sessionKey: string): void {
    for (const cut of this.#streams.get(sessionKey) ?? []) cut();
  }

  /** Sessions that have something running. */
  sessions(): readonly string[] {
    return [...this.#streams.keys()];
  }

  count(sessionKey: string): number {
    return this.#streams.get(sessionKey)?.size ?? 0;
  }

  #leave(sessionKey: string, cut: () => void): void {
    const streams = this.#streams.get(sessionKey);
    streams?.delete(cut);
    if (streams?.size === 0) this.#streams.delete(sessionKey);
  }
}
