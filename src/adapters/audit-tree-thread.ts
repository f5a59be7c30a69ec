// The gateway's side of the tree: starts the thread, hears how far it is, and says in words what is wrong. It never waits
// for it, except a moment at the end.

import type { Clock, OperationsLog } from '../ports.ts';
import { answerEpochAsk } from './audit-epoch-asking.ts';
import type { EpochAsk } from './audit-epoch-asking.ts';
import type { SignedAuditLog } from './audit-log-file.ts';
import { anchorPlace } from './audit-anchoring.ts';
import type { AnchorStatus } from './audit-anchoring.ts';
import type { AuditTreeStatus, AuditTreeTask } from './audit-tree.ts';
import { KeptThread } from './kept-thread.ts';
import { workerBeside } from './worker-beside.ts';

/** What the thread says after each look. */
export interface AuditTreeMessage {
  readonly status: AuditTreeStatus | null;
  readonly failure: string | null;
}

/** Heartbeats make a new checkpoint every minute, so an anchor that is reached is never this old. */
const staleMilliseconds = 15 * 60_000;
const unanchored = 'The access record is unanchored: whoever holds this machine could rewrite it unseen';

export class AuditTreeThread {
  readonly #task: AuditTreeTask;
  readonly #clock: Clock;
  readonly #log: OperationsLog;
  readonly #startedAt: number;
  readonly #thread: KeptThread<AuditTreeMessage | EpochAsk>;
  #status: AuditTreeStatus | null = null;
  #failure: string | null = null;
  #told: readonly string[] = [];
  failures = 0;

  constructor(task: AuditTreeTask, clock: Clock, log: OperationsLog, audit: SignedAuditLog) {
    this.#task = task;
    this.#clock = clock;
    this.#log = log;
    this.#startedAt = clock.now();
    this.#thread = new KeptThread({
      url: workerBeside(import.meta.url, 'audit-tree-worker'),
      workerData: task,
      endMessage: 'end',
      onMessage: (message, worker) => {
        if ('ask' in message) void answerEpochAsk(message, worker, audit, clock);
        else this.#hear(message);
      },
      onError: (failure) => this.#hear({ status: null, failure }),
    });
  }

  /** Records under the last checkpoint of this run. */
  get size(): number {
    return this.#status?.size ?? 0;
  }

  /** Seconds since a checkpoint reached an anchor that is not on the log's own disk; infinite without one. */
  get anchorAgeSeconds(): number {
    const at = Math.max(0, ...this.anchors.map(({ at: reached, isNear }) => (isNear ? 0 : (reached ?? 0))));
    return at === 0 ? Number.POSITIVE_INFINITY : (this.#clock.now() - at) / 1000;
  }

  get anchors(): readonly AnchorStatus[] {
    return this.#status?.anchors ?? [];
  }

  /** By the clock that anchors go by. */
  millisecondsSince(at: number): number {
    return this.#clock.now() - at;
  }

  /** What is not as it should be, as sentences without their full stop. */
  notices(): readonly string[] {
    return treeNotices({
      anchors: this.#task.anchors.map(anchorPlace),
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
    await this.#thread.close();
  }

  #hear({ status, failure }: AuditTreeMessage): void {
    if (failure !== null) this.failures += 1;
    this.#failure = failure;
    this.#status = status ?? this.#status;
  }
}

export interface TreeState {
  /** Where each lies, as it is told. */
  readonly anchors: readonly string[];
  readonly status: AuditTreeStatus | null;
  readonly failure: string | null;
  readonly startedAt: number;
  readonly now: number;
}

/** Each begins with words that name its kind, before any value. */
export function treeNotices({ anchors, status, failure, startedAt, now }: TreeState): string[] {
  const notices: string[] = [];
  if (failure !== null) notices.push(`The tree over the access record cannot go on: ${failure}`);
  const known = status?.anchors ?? [];
  const reached = known.flatMap(({ at, isNear }) => (isNear ? [] : [at ?? startedAt]));
  // Before the first look nothing is known of any of them.
  const newest = Math.max(...(known.length === 0 && anchors.length > 0 ? [startedAt] : reached), -Infinity);
  const minutes = Math.floor((now - newest) / 60_000);
  if (anchors.length === 0) notices.push(`${unanchored}; name a place on another machine under "audit.anchors"`);
  else if (newest === -Infinity) notices.push(`${unanchored}; every place under "audit.anchors" is on its own disk`);
  else if (now - newest > staleMilliseconds)
    notices.push(`${unanchored}; no checkpoint has reached an anchor for ${minutes} minutes`);
  return [...notices, ...known.flatMap((one) => anchorNotices(one, startedAt, now))];
}

function anchorNotices({ where, at, failure, isNear }: AnchorStatus, startedAt: number, now: number): string[] {
  const notices: string[] = [];
  const quiet = now - (at ?? startedAt);
  if (failure !== null) notices.push(`The anchor of the access record "${where}" cannot be written: ${failure}`);
  if (quiet > staleMilliseconds) {
    notices.push(`The access record has not reached its anchor "${where}" lately: for ${Math.floor(quiet / 60_000)} minutes`);
  }
  if (isNear) notices.push(`The anchor of the access record "${where}" is on its own disk: it must be on another machine`);
  return notices;
}

function kindOf(notice: string): string {
  return notice.split(':', 1)[0] ?? '';
}
