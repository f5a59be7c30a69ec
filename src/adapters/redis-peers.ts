// The other gateways, by their heartbeats. One that falls silent without a word may have written a change and not told of it, as when
// it was killed in between: everything is read again then, so that the change is not missed until somebody starts again.

const silentMilliseconds = 3000;
/** More than a clinic has, over some days of restarts. */
const mostPeers = 1000;

export class RedisPeers {
  readonly #heardAt = new Map<string, number>();

  heard(gateway: string, now: number): void {
    // Of an entry that nobody can read, nobody is the writer.
    if (gateway === '') return;
    if (this.#heardAt.size < mostPeers || this.#heardAt.has(gateway)) this.#heardAt.set(gateway, now);
  }

  /** It has told everything it had to tell. */
  left(gateway: string): void {
    this.#heardAt.delete(gateway);
  }

  /** Another link may have missed who left. */
  forget(): void {
    this.#heardAt.clear();
  }

  /** Whether one fell silent before this moment, which everything up to was heard of; each is told once. */
  haveFallenSilent(before: number): boolean {
    const silent = [...this.#heardAt].filter(([, heardAt]) => before - heardAt > silentMilliseconds);
    for (const [gateway] of silent) this.#heardAt.delete(gateway);
    return silent.length > 0;
  }
}
