// Counts what of a file cannot be used, by the reason, so that it can be told: nothing is dropped in silence.

interface Left {
  count: number;
  /** Of the first of them. */
  readonly where: string;
}

const mostReasons = 50;

export class LeftAside {
  readonly #left = new Map<string, Left>();

  leave(why: string, where: string): void {
    const reason = this.#left.has(why) || this.#left.size < mostReasons ? why : 'other reasons';
    const left = this.#left.get(reason);
    if (left === undefined) this.#left.set(reason, { count: 1, where });
    else left.count += 1;
  }

  /** Sentences without their full stop. */
  told(): readonly string[] {
    return [...this.#left].map(([why, { count, where }]) => `${count} left aside: ${why} (first: ${where})`);
  }
}
