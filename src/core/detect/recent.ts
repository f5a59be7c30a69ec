// What happened of late, by whom or what: the times within a window, and no more of them than anybody asks about.

import { forgetOldest } from '../forget-oldest.ts';

/** People, addresses or patients that are remembered at once. */
const mostKeys = 20_000;

export class Recent<Value> {
  readonly #windowMilliseconds: number;
  readonly #most: number;
  readonly #kept = new Map<string, readonly { readonly time: number; readonly value: Value }[]>();

  /** Keeps at most `most` of each key, the newest. */
  constructor(windowMilliseconds: number, most: number) {
    this.#windowMilliseconds = windowMilliseconds;
    this.#most = most;
  }

  /** What is in the window with this one, the oldest first. */
  add(key: string, time: number, value: Value): readonly Value[] {
    const before = this.#kept.get(key) ?? [];
    const now = [...before.filter((one) => time - one.time < this.#windowMilliseconds), { time, value }].slice(-this.#most);
    this.#kept.delete(key);
    this.#kept.set(key, now);
    forgetOldest(this.#kept, mostKeys);
    return now.map((one) => one.value);
  }

  forget(key: string): void {
    this.#kept.delete(key);
  }
}
