// Lets one thing happen at a time for each key. Between reading how many wrong codes there were and counting the next
// one, no other request of the same person may slip through.

/** Waiting for one key at most; the next is turned away. */
const maximumWaiting = 20;

export class OneAtATime {
  readonly #queues = new Map<string, { tail: Promise<unknown>; waiting: number }>();

  /** Runs `work` after what is queued for `key`; null when too many wait already. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T | null> {
    const queue = this.#queues.get(key) ?? { tail: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= maximumWaiting) return null;
    this.#queues.set(key, queue);
    queue.waiting += 1;
    const turn = queue.tail.then(work);
    // A failure belongs to its own caller; the next in the queue goes on.
    queue.tail = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.#queues.delete(key);
    }
  }
}
