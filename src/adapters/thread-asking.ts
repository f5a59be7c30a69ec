// How a thread beside the gateway has something done by the gateway's own, which alone holds the log: it asks, and waits for the
// answer with its number. Both ends of it live here.

import type { MessagePort, Worker } from 'node:worker_threads';
import { causeInWords } from './audit-refused.ts';

export interface ThreadAsk<Wish> {
  readonly ask: number;
  readonly wish: Wish;
}

export interface ThreadAnswer {
  readonly answer: number;
  readonly failure: string | null;
}

export interface Asking<Wish> {
  readonly ask: (wish: Wish) => Promise<void>;
  readonly hear: (answer: ThreadAnswer) => void;
}

/** The thread's end. What was refused rejects, in words. */
export function askOver<Wish>(port: MessagePort): Asking<Wish> {
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  let asked = 0;
  return {
    ask: (wish) => {
      const promised = Promise.withResolvers<void>();
      asked += 1;
      waiting.set(asked, promised);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      port.postMessage({ ask: asked, wish } satisfies ThreadAsk<Wish>);
      return promised.promise;
    },
    hear: ({ answer, failure }) => {
      const promised = waiting.get(answer);
      waiting.delete(answer);
      if (failure === null) promised?.resolve();
      else promised?.reject(new Error(failure));
    },
  };
}

/** The gateway's end. Never rejects; what went wrong goes back to whoever asked. */
export async function answerAsk<Wish>(
  { ask, wish }: ThreadAsk<Wish>,
  worker: Worker,
  fulfil: (wish: Wish) => Promise<void>,
): Promise<void> {
  let failure: string | null = null;
  try {
    await fulfil(wish);
  } catch (cause) {
    // Also what was thrown before there was a promise: it must not end the gateway.
    failure = causeInWords(cause);
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  worker.postMessage({ answer: ask, failure } satisfies ThreadAnswer);
}
