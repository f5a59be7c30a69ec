// Follows what is durable in the log, grows the tree over it, signs checkpoints and anchors them. It runs beside the gateway,
// in a thread of its own; what goes wrong here is told and tried again, and no request waits for it.

import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../ports.ts';
import type { AnchorSettings } from '../config/settings.ts';
import { AuditAnchoring } from './audit-anchoring.ts';
import type { AnchorStatus } from './audit-anchoring.ts';
import { originOf } from './audit-checkpoint.ts';
import { EpochKeeper } from './audit-epoch-keeper.ts';
import type { EpochLog } from './audit-epoch-keeper.ts';
import { foundingKey, knownKeys } from './audit-epochs.ts';
import { readKey } from './audit-key-files.ts';
import { AuditFollower, durableSequence } from './audit-follow.ts';
import { leavesBehind, listPruned } from './audit-pruned-file.ts';
import { TreeGrowth } from './audit-tree-growth.ts';
import { contentOf, treeDirectory } from './audit-tree-files.ts';

export interface AuditTreeTask {
  /** The log's directory first, then the fallback. */
  readonly directories: readonly string[];
  readonly signingKeyFile: string;
  readonly anchors: readonly AnchorSettings[];
  readonly keepSeconds: number;
}

/** What the gateway is told after each look. Times are epoch milliseconds; sizes are numbers of records. */
export interface AuditTreeStatus {
  readonly size: number;
  readonly checkpointAt: number | null;
  readonly anchors: readonly AnchorStatus[];
}

interface Open {
  readonly growth: TreeGrowth;
  readonly follower: AuditFollower;
  readonly keeper: EpochKeeper;
  /** Every key that may have signed a head. */
  readonly known: readonly KeyObject[];
}

const checkpointRecords = 256;
const checkpointMilliseconds = 10_000;
/** What is under way to an anchor when the gateway ends gets this long. */
const lastMilliseconds = 4000;

export class AuditTree {
  readonly #task: AuditTreeTask;
  readonly #clock: Clock;
  readonly #log: EpochLog | null;
  #open: Open | null = null;
  #signedAt = -Infinity;
  #anchoring: AuditAnchoring | null = null;
  #latest: { readonly size: number; readonly content: string } | null = null;
  #status: AuditTreeStatus = {
    size: 0,
    checkpointAt: null,
    anchors: [],
  };

  /** Without a log to write to the keys stay as they are. */
  constructor(task: AuditTreeTask, clock: Clock, log: EpochLog | null = null) {
    this.#task = task;
    this.#clock = clock;
    this.#log = log;
  }

  /** One look. `last`: a checkpoint over everything, due or not. Rejects where the tree cannot go on; the next look begins anew. */
  async look(last = false): Promise<AuditTreeStatus> {
    try {
      await this.#grow(last);
    } catch (cause) {
      this.#open = null;
      throw cause;
    }
    const anchoring = this.#anchoring;
    if (anchoring === null) return this.#status;
    if (this.#latest !== null) anchoring.deliver(this.#latest, last);
    if (last) await Promise.race([anchoring.settled(), new Promise((resolve) => setTimeout(resolve, lastMilliseconds).unref())]);
    return { ...this.#status, anchors: anchoring.status };
  }

  async #grow(last: boolean): Promise<void> {
    const open = (this.#open ??= await this.#begin());
    if (open === null) return;
    const { growth, follower, keeper, known } = open;
    const durable = durableSequence(this.#task.directories, known);
    if (durable === null) return;
    if (durable < growth.signedSize) {
      throw new Error(`the log ends at record ${durable}, before the checkpoint of ${growth.signedSize} records`);
    }
    for await (const run of follower.lines(durable)) {
      for (const { line } of run) {
        growth.add(line.bytes);
        keeper.saw(line, growth);
      }
    }
    const fresh = growth.size - growth.signedSize;
    const isLate = this.#clock.monotonic() - this.#signedAt >= checkpointMilliseconds;
    if (fresh > 0 && (last || isLate || fresh >= checkpointRecords)) this.#sign(open);
    // The log is closed before the last look.
    if (!last && this.#log !== null && (await keeper.step(this.#clock.now(), growth, this.#log))) this.#open = null;
  }

  /** Null while a head is just being written, and before the first record: that one's day is the first key's. */
  async #begin(): Promise<Open | null> {
    const { directories, signingKeyFile } = this.#task;
    const [primary = ''] = directories;
    const { publicKey } = readKey(signingKeyFile);
    const known = knownKeys(primary, publicKey);
    const durable = durableSequence(directories, known);
    if (durable === null || durable === 0) return null;
    const keeper = await EpochKeeper.open(this.#task, durable);
    const origin = originOf(foundingKey(primary, publicKey));
    const growth = new TreeGrowth(treeDirectory(primary), origin, [...keeper.publicKeys, ...known]);
    // A tree that is built again begins with what is left of records that were let go.
    const pruned = await listPruned(directories.filter((directory) => existsSync(directory)));
    for await (const leaf of leavesBehind(pruned, growth.size)) growth.addLeaf(leaf);
    const { anchors, keepSeconds } = this.#task;
    this.#anchoring ??= new AuditAnchoring({ treeDirectory: treeDirectory(primary), origin, anchors, keepSeconds }, this.#clock);
    this.#latest ??= lastSigned(treeDirectory(primary), growth.signedSize);
    return { growth, keeper, known, follower: new AuditFollower(directories, growth.size) };
  }

  #sign({ growth, keeper }: Open): void {
    const now = this.#clock.now();
    const content = growth.sign(new Date(now).toISOString().slice(0, 10), keeper.keyFor(growth.size));
    this.#signedAt = this.#clock.monotonic();
    this.#latest = { size: growth.size, content };
    this.#status = { ...this.#status, size: growth.size, checkpointAt: now };
  }
}

/** What a run before this one signed last, for an anchor that was away then. */
function lastSigned(tree: string, size: number): { readonly size: number; readonly content: string } | null {
  const content = size === 0 ? null : contentOf(join(tree, 'checkpoint'));
  return content === null ? null : { size, content: content.toString('utf8') };
}
