// The gateway's side of the tree: starts the thread, hears how far it is, and says in words what is wrong. It never waits
// for it, except a moment at the end.

import { Worker } from 'node:worker_threads';
import type { Clock, OperationsLog } from '../ports.ts';
import { answerEpochAsk } from './audit-epoch-asking.ts';
import type { EpochAsk } from './audit-epoch-asking.ts';
import type { SignedAuditLog } from './audit-log-file.ts';
import type { AuditTreeStatus, AuditTreeTask } from './audit-tree.ts';

/** What the thread says after each look. */
export interface AuditTreeMessage {
  readonly status: AuditTreeStatus | null;
  readonly failure: string | null;
}

const staleMilliseconds = 15 * 60_000;
const restartMilliseconds = 10_000;
const closeMilliseconds = 5000;
const mostMegabytes = 256;

export class AuditTreeThread {
  readonly #task: AuditTreeTask;
  readonly #clock: Clock;
  readonly #log: OperationsLog;
  readonly #audit: SignedAuditLog;
  readonly #startedAt: number;
  #worker: Worker | null = null;
  #restart: NodeJS.Timeout | null = null;
  #closing = false;
  #status: AuditTreeStatus | null = null;
  #failure: string | null = null;
  #told: readonly string[] = [];
  failures = 0;

  constructor(task: AuditTreeTask, clock: Clock, log: OperationsLog, audit: SignedAuditLog) {
    this.#audit = audit;
    this.#task = task;
    this.#clock = clock;
    this.#log = log;
    this.#startedAt = clock.now();
    this.#start();
  }

  /** Records under the last checkpoint of this run. */
  get size(): number {
    return this.#status?.size ?? 0;
  }

  /** Seconds since the newest checkpoint reached the anchor; infinite without one. */
  get anchorAgeSeconds(): number {
    const at = this.#status?.anchoredAt ?? null;
    return at === null ? Number.POSITIVE_INFINITY : (this.#clock.now() - at) / 1000;
  }

  /** What is not as it should be, as sentences without their full stop. */
  notices(): readonly string[] {
    return treeNotices({
      anchor: this.#task.anchor,
      status: this.#status,
      failure: this.#failure,
      startedAt: this.#startedAt,
      now: this.#clock.now(),
    });
  }

  /** Tells the log what has newly gone wrong, or is right again; call it every few seconds. */
  look(): void {
    const notices = this.notices();
    for (const one of notices)
      if (!this.#told.includes(kindOf(one))) this.#log.warn({ directory: this.#task.directories[0] }, one);
    const kinds = notices.map(kindOf);
    if (this.#told.length > 0 && kinds.length === 0)
      this.#log.info({}, 'The access record is checked by a tree and anchored again');
    this.#told = kinds;
  }

  /** One last checkpoint over everything that is durable; gives up where the disk does not answer. */
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
      worker.postMessage('end');
    });
  }

  #start(): void {
    const worker = new Worker(workerUrl(), {
      workerData: this.#task,
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    this.#worker = worker;
    worker.unref();
    worker.on('message', (message: AuditTreeMessage | EpochAsk) => {
      if ('ask' in message) void answerEpochAsk(message, worker, this.#audit, this.#clock);
      else this.#hear(message);
    });
    worker.on('error', (cause) => this.#hear({ status: null, failure: cause instanceof Error ? cause.message : String(cause) }));
    worker.once('exit', () => {
      this.#worker = null;
      if (!this.#closing) this.#restart = setTimeout(() => this.#start(), restartMilliseconds).unref();
    });
  }

  #hear({ status, failure }: AuditTreeMessage): void {
    if (failure !== null) this.failures += 1;
    this.#failure = failure;
    this.#status = status ?? this.#status;
  }
}

export interface TreeState {
  readonly anchor: string | null;
  readonly status: AuditTreeStatus | null;
  readonly failure: string | null;
  readonly startedAt: number;
  readonly now: number;
}

/** Each begins with words that name its kind, before any value. */
export function treeNotices({ anchor, status, failure, startedAt, now }: TreeState): string[] {
  const notices: string[] = [];
  if (failure !== null) notices.push(`The tree over the access record cannot go on: ${failure}`);
  if (anchor === null) {
    notices.push(
      'The access record is unanchored: whoever holds this machine could rewrite it unseen; name a place on another machine under "audit.anchor"',
    );
    return notices;
  }
  const anchorFailure = status?.anchorFailure ?? null;
  if (anchorFailure !== null) notices.push(`The anchor of the access record cannot be written: ${anchorFailure}, "${anchor}"`);
  const since = status?.anchoredAt ?? startedAt;
  if (now - since > staleMilliseconds) {
    notices.push(
      `The access record has not reached its anchor lately: for ${Math.floor((now - since) / 60_000)} minutes, "${anchor}"`,
    );
  }
  if (status?.anchorIsNear === true)
    notices.push(`The anchor of the access record is on its own disk: "${anchor}" must be on another machine`);
  return notices;
}

function kindOf(notice: string): string {
  return notice.split(':', 1)[0] ?? '';
}

/** The worker stands beside this file, under the same ending: TypeScript as it is, or built. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './audit-tree-worker.ts' : './audit-tree-worker.js', import.meta.url);
}
