// Asks a PostgreSQL and stands still until it has answered, as the embedded database is asked: for stories that look at rows between
// two steps.

import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

export interface AtOnceQuestion {
  readonly schema: string;
  readonly sql: string;
}

export type AtOnceAnswer = { readonly rows: readonly Readonly<Record<string, unknown>>[] } | { readonly error: string };

const mostMilliseconds = 20_000;

export class AskAtOnce {
  readonly #worker: Worker;
  readonly #port: MessageChannel['port1'];
  readonly #answered = new Int32Array(new SharedArrayBuffer(4));

  constructor(url: string) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData = { url, port: port2, answered: this.#answered };
    this.#worker = new Worker(new URL('./ask-at-once-child.ts', import.meta.url), { workerData, transferList: [port2] });
  }

  /** Throws what the server said, or that it said nothing. */
  ask(schema: string, sql: string): readonly Readonly<Record<string, unknown>>[] {
    Atomics.store(this.#answered, 0, 0);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    this.#port.postMessage({ schema, sql } satisfies AtOnceQuestion);
    if (Atomics.wait(this.#answered, 0, 0, mostMilliseconds) === 'timed-out')
      throw new Error(`PostgreSQL has not answered: ${sql}`);
    const told = receiveMessageOnPort(this.#port)?.message as AtOnceAnswer;
    if ('error' in told) throw new Error(`${told.error}: ${sql}`);
    return told.rows;
  }

  async close(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }
}
