// Lets one thing happen at a time for each key, at all gateways together. Between reading how many wrong codes there were and
// counting the next one, no other request of the same person may slip through.

import { hash } from 'node:crypto';
import type { SharedTurns } from '../shared-ports.ts';

/** Waiting for one key at most; the next is turned away. */
const maximumWaiting = 20;

/** A try at the EHR takes the longest. */
const times = { waitMilliseconds: 15_000, holdMilliseconds: 60_000 };

export class OneAtATime {
  readonly #shared: SharedTurns | null;
  readonly #queues = new Map<string, { tail: Promise<unknown>; waiting: number }>();

  /** `shared`: turns among several gateways; null where this one is alone. */
  constructor(shared: SharedTurns | null = null) {
    this.#shared = shared;
  }

  /** Runs `work` after what is queued for `key`; null when too many wait already. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T | null> {
    const queue = this.#queues.get(key) ?? { tail: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= maximumWaiting) return null;
    this.#queues.set(key, queue);
    queue.waiting += 1;
    const turn = queue.tail.then(() => this.#amongGateways(key, work));
    // A failure belongs to its own caller; the next in the queue goes on.
    queue.tail = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.#queues.delete(key);
    }
  }

  /** The key names a person, and a turn must not. */
  async #amongGateways<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.#shared === null ? work() : this.#shared.run(`try ${hash('sha256', key, 'base64url')}`, work, times);
  }
}
