// A thread beside the gateway that is started again when it ends by itself, and that is given a moment to finish when the gateway
// stops. Knows nothing of what the two say to each other.

import { readFileSync, readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';

const restartMilliseconds = 10_000;
const closeMilliseconds = 5000;
const mostMegabytes = 256;

export interface KeptThreadOptions<Message> {
  readonly url: URL;
  readonly workerData: unknown;
  /** What tells the thread to finish and end. */
  readonly endMessage: unknown;
  readonly onMessage: (message: Message, worker: Worker) => void;
  /** It cannot go on, in words; another one is started in a while. */
  readonly onError: (failure: string) => void;
  readonly onExit?: () => void;
}

export class KeptThread<Message> {
  readonly #options: KeptThreadOptions<Message>;
  #worker: Worker | null = null;
  #restart: NodeJS.Timeout | null = null;
  #closing = false;

  constructor(options: KeptThreadOptions<Message>) {
    this.#options = options;
    this.#start();
  }

  /** Null between an end and the next start. */
  get worker(): Worker | null {
    return this.#worker;
  }

  /** Gives up where the thread does not end. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        void worker.terminate();
        resolve();
      }, closeMilliseconds);
      worker.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      worker.postMessage(this.#options.endMessage);
    });
  }

  #start(): void {
    const { url, workerData, onMessage, onError, onExit } = this.#options;
    const worker = new Worker(url, {
      workerData,
      name: threadName(url),
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    this.#worker = worker;
    worker.unref();
    worker.once('online', () => giveWay(threadName(url)));
    worker.on('message', (message: Message) => onMessage(message, worker));
    worker.on('error', (cause) => onError(cause instanceof Error ? cause.message : String(cause)));
    worker.once('exit', () => {
      this.#worker = null;
      onExit?.();
      if (!this.#closing) this.#restart = setTimeout(() => this.#start(), restartMilliseconds).unref();
    });
  }
}

/**
 * Has the system run the thread when nobody waits for a request: it wakes to a heap of work and would be in their way. Linux alone
 * tells threads apart; elsewhere, and where it does not let us, it stays as it is.
 */
function giveWay(name: string): void {
  const tasks = '/proc/self/task';
  try {
    const own = readdirSync(tasks).filter((task) => readFileSync(`${tasks}/${task}/comm`, 'utf8').trim() === name);
    for (const task of own) setPriority(Number(task), constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A slower answer at worst.
  }
}

/** What the system's own tools show: `audit-index` of `audit-index-worker.ts`. Linux keeps 15 characters. */
function threadName(url: URL): string {
  return (/([^/]+)-worker\.[jt]s$/.exec(url.pathname)?.[1] ?? 'beside').slice(0, 15);
}
