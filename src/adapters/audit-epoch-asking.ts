// How the tree's thread has records written and heads signed by the gateway's own, which alone holds the log: it asks, and waits
// for the answer with its number. Both ends of it live here.

import type { MessagePort, Worker } from 'node:worker_threads';
import { auditEntry } from '../core/audit/entry.ts';
import type { Clock } from '../ports.ts';
import type { EpochLog } from './audit-epoch-keeper.ts';
import type { SignedAuditLog } from './audit-log-file.ts';
import { causeInWords } from './audit-refused.ts';

type Wish = { readonly event: 'epoch' | 'epoch-closed'; readonly detail: string } | 'sign-with-next';

export interface EpochAsk {
  readonly ask: number;
  readonly wish: Wish;
}

export interface EpochAnswer {
  readonly answer: number;
  readonly failure: string | null;
}

/** The thread's end. */
export function askingEpochLog(port: MessagePort): EpochLog & { readonly hear: (answer: EpochAnswer) => void } {
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  let asked = 0;
  const ask = (wish: Wish): Promise<void> => {
    const promised = Promise.withResolvers<void>();
    asked += 1;
    waiting.set(asked, promised);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    port.postMessage({ ask: asked, wish } satisfies EpochAsk);
    return promised.promise;
  };
  return {
    append: (event, detail) => ask({ event, detail }),
    signWithNext: () => ask('sign-with-next'),
    hear: ({ answer, failure }) => {
      const promised = waiting.get(answer);
      waiting.delete(answer);
      if (failure === null) promised?.resolve();
      else promised?.reject(new Error(failure));
    },
  };
}

/** The gateway's end. Never rejects; what went wrong goes back to whoever asked. */
export async function answerEpochAsk({ ask, wish }: EpochAsk, worker: Worker, log: SignedAuditLog, clock: Clock): Promise<void> {
  const failure = await fulfilled(wish, log, clock).then(
    () => null,
    (cause: unknown) => causeInWords(cause),
  );
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  worker.postMessage({ answer: ask, failure } satisfies EpochAnswer);
}

async function fulfilled(wish: Wish, log: SignedAuditLog, clock: Clock): Promise<void> {
  if (wish === 'sign-with-next') return log.signWithNext();
  const receipt = await log.append(auditEntry(wish.event, clock.now(), { detail: wish.detail }));
  return receipt.durable;
}
