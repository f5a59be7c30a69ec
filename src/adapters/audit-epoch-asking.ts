// What the tree's thread has done by the gateway's own, which alone holds the log: records of keys written, and the head signed.

import type { MessagePort, Worker } from 'node:worker_threads';
import { auditEntry } from '../core/audit/entry.ts';
import type { Clock } from '../ports.ts';
import type { EpochLog } from './audit-epoch-keeper.ts';
import type { SignedAuditLog } from './audit-log-file.ts';
import { answerAsk, askOver } from './thread-asking.ts';
import type { ThreadAnswer, ThreadAsk } from './thread-asking.ts';

type Wish = { readonly event: 'epoch' | 'epoch-closed'; readonly detail: string } | 'sign-with-next';

export type EpochAsk = ThreadAsk<Wish>;

/** The thread's end. */
export function askingEpochLog(port: MessagePort): EpochLog & { readonly hear: (answer: ThreadAnswer) => void } {
  const { ask, hear } = askOver<Wish>(port);
  return { append: (event, detail) => ask({ event, detail }), signWithNext: () => ask('sign-with-next'), hear };
}

/** The gateway's end. Never rejects; what went wrong goes back to whoever asked. */
export function answerEpochAsk(asked: EpochAsk, worker: Worker, log: SignedAuditLog, clock: Clock): Promise<void> {
  return answerAsk(asked, worker, async (wish) => {
    if (wish === 'sign-with-next') return log.signWithNext();
    const receipt = await log.append(auditEntry(wish.event, clock.now(), { detail: wish.detail }));
    return receipt.durable;
  });
}
