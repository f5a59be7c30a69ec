// What a detector remembers of each person, bounded: whoever was heard of least lately is forgotten first.

import { forgetOldest } from '../forget-oldest.ts';

export class Remembered<Value> {
  readonly #most: number;
  readonly #fresh: () => Value;
  readonly #kept = new Map<string, Value>();

  constructor(most: number, fresh: () => Value) {
    this.#most = most;
    this.#fresh = fresh;
  }

  /** What is remembered under this key, begun now where there is nothing; it counts as heard of. */
  of(key: string): Value {
    const value = this.#kept.get(key) ?? this.#fresh();
    this.#kept.delete(key);
    this.#kept.set(key, value);
    forgetOldest(this.#kept, this.#most);
    return value;
  }
}
