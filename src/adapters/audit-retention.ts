// Keeps the files of the log as the policy says: packs those that are closed, and lets go of those whose time is over and that
// nothing holds. It runs beside the gateway, in a thread of its own; no request waits for it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AnchorSettings } from '../config/settings.ts';
import type { FeedSettings } from '../core/audit/feed/feed-settings.ts';
import type { NotifySettings } from '../core/notify/notify-settings.ts';
import type { Head } from '../core/audit/encode-head.ts';
import type { Kept } from '../core/audit/plan-pruning.ts';
import { writeRetentionNote } from '../core/audit/retention-note.ts';
import type { Retention } from '../core/audit/retention-note.ts';
import { compareSegmentNames } from '../core/audit/segment-name.ts';
import type { Clock } from '../ports.ts';
import { anchoredEverywhere } from './audit-anchoring.ts';
import { openCheckpoint, originOf } from './audit-checkpoint.ts';
import { foundingKey, knownKeys } from './audit-epochs.ts';
import { durableHead } from './audit-follow.ts';
import { readKey } from './audit-key-files.ts';
import { packSegment } from './audit-pack.ts';
import { finishPruning, planPruning, prune } from './audit-pruning.ts';
import type { PruningPlace } from './audit-pruning.ts';
import { readRetentionState, stateFromRecord } from './audit-retention-state.ts';
import type { RetentionState } from './audit-retention-state.ts';
import { oldestNeededByFeeds } from './feeds-need.ts';
import { listSegments } from './audit-segment-files.ts';
import { contentOf, treeDirectory } from './audit-tree-files.ts';

export interface RetentionTask {
  /** The log's directory first, then the fallback. */
  readonly directories: readonly string[];
  readonly signingKeyFile: string;
  readonly anchors: readonly AnchorSettings[];
  readonly feeds: readonly FeedSettings[];
  /** Who is told of alerts, which is by the record as well. */
  readonly receivers: readonly NotifySettings[];
  readonly retention: Retention;
}

/** What the gateway's side does for the thread: it alone writes records, and what stands beside them about holds. */
export interface RetentionLog {
  /** Resolves once the record is on the disk; rejects where a hold keeps what it lets go. */
  pruned(detail: string): Promise<void>;
  /** The policy stands on record from here on. */
  stated(detail: string, retention: Retention): Promise<void>;
  /** What the record tells of holds and policy, where nothing else did. */
  found(state: RetentionState): Promise<void>;
}

/** What a look found and left. */
export interface RetentionStatus {
  /** Records that went at this look. */
  readonly pruned: number;
  /** Why the oldest file that stays does. */
  readonly kept: Kept | 'unreadable-holds';
}

export class AuditRetention {
  readonly #task: RetentionTask;
  readonly #clock: Clock;
  readonly #log: RetentionLog;
  readonly #pause: () => Promise<unknown>;

  /** `pause` is awaited often; what it throws ends a look. */
  constructor(task: RetentionTask, clock: Clock, log: RetentionLog, pause: () => Promise<unknown>) {
    this.#task = task;
    this.#clock = clock;
    this.#log = log;
    this.#pause = pause;
  }

  /** One look. Null while there is nothing to look at yet. Rejects where it cannot go on; the next look begins anew. */
  async look(): Promise<RetentionStatus | null> {
    const place = this.#directories();
    const head = durableHead(place, this.#keys());
    if (head === null || head === 'none' || head.sequence === 0) return null;
    await finishPruning(place, head.sequence);
    const state = await this.#state(place, head.sequence);
    const status = state === null ? ({ pruned: 0, kept: 'unreadable-holds' } as const) : await this.#prune(place, head, state);
    await this.#pack(place, head);
    return status;
  }

  async #state(directories: readonly string[], durable: number): Promise<RetentionState | null> {
    const [primary = ''] = directories;
    if (readRetentionState(primary) === 'absent') await this.#log.found(await stateFromRecord(directories, durable, this.#pause));
    const state = readRetentionState(primary);
    if (typeof state === 'string') return null;
    const { retention } = this.#task;
    if (state.retention !== retention) await this.#log.stated(writeRetentionNote(retention, state.retention), retention);
    return state;
  }

  async #prune(directories: readonly string[], head: Head, { holds }: RetentionState): Promise<RetentionStatus> {
    const { retention, anchors, feeds, receivers } = this.#task;
    const [primary = ''] = directories;
    const tree = treeDirectory(primary);
    const place: PruningPlace = {
      directories,
      newest: head.file,
      pause: this.#pause,
      limits: {
        retention,
        holds,
        now: this.#clock.now(),
        checkpoint: signedSize(directories, this.#task.signingKeyFile),
        anchored: anchoredEverywhere(tree, anchors),
        fed: oldestNeededByFeeds(primary, feeds, receivers),
      },
    };
    const { goes, kept } = await planPruning(place);
    await prune(place, goes, head.sequence, (detail) => this.#log.pruned(detail));
    return { pruned: goes.reduce((sum, { header }) => sum + header.last - header.first + 1, 0), kept };
  }

  /** Closed days only, and only what stands before the file that the head vouches for. */
  async #pack(directories: readonly string[], head: Head): Promise<void> {
    const today = new Date(this.#clock.now()).toISOString().slice(0, 10);
    for (const { directory, name, form } of await listSegments(directories)) {
      const isClosed = name.slice(0, 10) < today && compareSegmentNames(name, head.file) < 0;
      if (isClosed && form === 'plain') await packSegment(directory, name, this.#pause);
    }
  }

  #keys() {
    return knownKeys(this.#task.directories[0] ?? '', readKey(this.#task.signingKeyFile).publicKey);
  }

  /** A fallback that was never used may be absent. */
  #directories(): readonly string[] {
    return this.#task.directories.filter((directory) => existsSync(directory));
  }
}

/** Records under the last checkpoint of the tree beside the log; 0 where there is none that a key of this log signed. */
export function signedSize(directories: readonly string[], signingKeyFile: string): number {
  const [primary = ''] = directories;
  const { publicKey } = readKey(signingKeyFile);
  const content = contentOf(join(treeDirectory(primary), 'checkpoint'))?.toString('utf8') ?? '';
  const checkpoint = openCheckpoint(content, originOf(foundingKey(primary, publicKey)), knownKeys(primary, publicKey));
  return typeof checkpoint === 'string' ? 0 : checkpoint.size;
}
