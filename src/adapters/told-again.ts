// Tells the other gateways what changed, and again until they are known to have heard it.

import type { ChangeTopic, SharedChanges } from '../shared-ports.ts';

/** Told in one go. */
const atOnce = 500;

export class ToldAgain {
  readonly #changes: SharedChanges;
  readonly #topic: ChangeTopic;
  readonly #untold = new Set<string>();
  #telling: Promise<void> | null = null;

  constructor(changes: SharedChanges, topic: ChangeTopic) {
    this.#changes = changes;
    this.#topic = topic;
  }

  /** False where it is not known that they heard; it is told again at the next `retry`. */
  async tell(entries: readonly string[]): Promise<boolean> {
    const isTold = await this.#changes.tell(this.#topic, entries);
    if (!isTold) for (const entry of entries) this.#untold.add(entry);
    return isTold;
  }

  async retry(): Promise<void> {
    // What nobody can hear at this moment would only pile up.
    if (!this.#changes.current) return;
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = null;
    });
    return this.#telling;
  }

  async #tellAll(): Promise<void> {
    while (this.#untold.size > 0) {
      const some = [...this.#untold].slice(0, atOnce);
      for (const entry of some) this.#untold.delete(entry);
      if (!(await this.tell(some))) return;
    }
  }
}
