// An access stands in the log twice, before it was sent on and when it ended. A receiver that counts accesses must see it once:
// as its outcome, or, where there is none, as its attempt. This holds attempts back until that is known, and never many: beyond
// a limit they are told without one, and an outcome that comes after all is told as well.

import type { ReadRecord } from '../read-record.ts';

/** More than a gateway has under way at once. */
const mostOpen = 10_000;

export class OpenAttempts {
  readonly #open = new Map<string, ReadRecord>();
  readonly #most: number;

  constructor(most = mostOpen) {
    this.#most = most;
  }

  /** What is known by now: attempts that have no outcome, then this record unless it waits itself. */
  take(record: ReadRecord): ReadRecord[] {
    const { event, fields } = record;
    // What was under way when the gateway ended has no outcome any more.
    if (event === 'start') return [...this.rest(), record];
    const { request } = fields;
    if (typeof request !== 'string') return [record];
    if (event === 'outcome') this.#open.delete(request);
    if (event !== 'attempt') return [record];
    this.#open.set(request, record);
    return this.#open.size > this.#most ? this.rest() : [];
  }

  /** The first record that still waits. */
  get oldest(): number | null {
    const [first] = this.#open.values();
    return first?.sequence ?? null;
  }

  /** The attempts that are left. */
  rest(): ReadRecord[] {
    const left = [...this.#open.values()];
    this.#open.clear();
    return left;
  }
}
