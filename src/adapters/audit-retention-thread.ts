// The gateway's side of the thread that packs and lets go: starts it, does for it what it alone may do, and says in words what
// keeps records longer than their time, or is wrong.

import type { Worker } from 'node:worker_threads';
import type { Retention } from '../core/audit/retention-note.ts';
import type { OperationsLog } from '../ports.ts';
import type { RetentionLog, RetentionStatus, RetentionTask } from './audit-retention.ts';
import type { RetentionState } from './audit-retention-state.ts';
import { KeptThread } from './kept-thread.ts';
import { answerAsk } from './thread-asking.ts';
import type { ThreadAsk } from './thread-asking.ts';
import { workerBeside } from './worker-beside.ts';

export type RetentionWish =
  { readonly pruned: string } | { readonly stated: string; readonly retention: Retention } | { readonly found: RetentionState };

/** What the thread says after each look. */
export interface RetentionMessage {
  readonly status: RetentionStatus | null;
  readonly failure: string | null;
}

/** Nothing here is in a hurry; a start has other things to do. */
const beginMilliseconds = 5000;

export class AuditRetentionThread {
  readonly #desk: RetentionLog;
  readonly #log: OperationsLog;
  readonly #begin: NodeJS.Timeout;
  #thread: KeptThread<RetentionMessage | ThreadAsk<RetentionWish>> | null = null;
  #status: RetentionStatus | null = null;
  #failure: string | null = null;

  constructor(task: RetentionTask, desk: RetentionLog, log: OperationsLog) {
    this.#desk = desk;
    this.#log = log;
    this.#begin = setTimeout(() => this.#start(task), beginMilliseconds).unref();
  }

  /** What is not as it should be or keeps records past their time, as sentences without their full stop. */
  notices(): readonly string[] {
    return retentionNotices(this.#status, this.#failure);
  }

  /** Looks again soon: a hold was placed or released. */
  lookAgain(): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    this.#thread?.worker?.postMessage('look');
  }

  async close(): Promise<void> {
    clearTimeout(this.#begin);
    await this.#thread?.close();
  }

  #start(task: RetentionTask): void {
    this.#thread = new KeptThread({
      url: workerBeside(import.meta.url, 'audit-retention-worker'),
      workerData: task,
      endMessage: 'end',
      onMessage: (message, worker) => this.#take(message, worker),
      onError: (failure) => this.#hear({ status: null, failure }),
    });
  }

  #take(message: RetentionMessage | ThreadAsk<RetentionWish>, worker: Worker): void {
    if ('ask' in message) void answerAsk(message, worker, (wish) => this.#fulfil(wish));
    else this.#hear(message);
  }

  #fulfil(wish: RetentionWish): Promise<void> {
    if ('pruned' in wish) return this.#desk.pruned(wish.pruned);
    if ('stated' in wish) return this.#desk.stated(wish.stated, wish.retention);
    return this.#desk.found(wish.found);
  }

  #hear({ status, failure }: RetentionMessage): void {
    if (failure !== null && failure !== this.#failure)
      this.#log.warn({ failure }, 'Old files of the access record cannot be packed or let go');
    if (status !== null && status.pruned > 0)
      this.#log.info({ records: status.pruned }, 'Records whose time was over were let go');
    this.#failure = failure;
    this.#status = status ?? this.#status;
  }
}

/** Each begins with words that name its kind. */
export function retentionNotices(status: RetentionStatus | null, failure: string | null): string[] {
  const wrong = failure === null ? [] : [`Old files of the access record cannot be packed or let go: ${failure}`];
  return status === null ? wrong : [...wrong, ...keptNotices(status.kept)];
}

function keptNotices(kept: RetentionStatus['kept']): string[] {
  const past = 'Records of the access record are past their time and stay:';
  if (kept === 'unreadable-holds')
    return [
      'No record is let go: the holds in "retention.json" beside the access record cannot be read; put it back, or remove it to have it made from the record',
    ];
  const why = {
    hold: `hold "${kept.because === 'hold' ? kept.hold : ''}" keeps them`,
    anchor: 'a checkpoint over them has not reached every anchor',
    feed: 'a feed has not told all of them yet',
    checkpoint: 'no checkpoint covers them yet',
    clock: 'the clock has to be what it is for a week before anything goes',
    unlimited: null,
    young: null,
    newest: null,
  } as const;
  const said = why[kept.because];
  return said === null ? [] : [`${past} ${said}`];
}
