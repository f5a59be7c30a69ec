// Brings the checkpoints to the places where whoever owns this machine cannot take them back. Each place has a cursor on the
// disk, so that one that was away gets what it missed: the last checkpoint of every day, and the newest. What lies between is
// covered by these and left out. It never holds anybody up: one delivery to a place at a time, each within a bounded time.

import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { AnchorSettings } from '../config/settings.ts';
import { prunedAnchors } from '../core/tree/prune-anchors.ts';
import type { Clock } from '../ports.ts';
import { anchoredIn, anchorName, onSameDisk, writeAnchor } from './audit-anchor.ts';
import { sendAnchor } from './audit-anchor-syslog.ts';
import { readSignedCheckpoint } from './audit-checkpoint.ts';
import { causeInWords } from './audit-refused.ts';
import { contentOf } from './audit-tree-files.ts';
import { writeOwned } from './write-owned.ts';

/** How far one place is. Times are epoch milliseconds. */
export interface AnchorStatus {
  /** The directory or address, without anything secret. */
  readonly where: string;
  /** Records under the newest checkpoint there; 0 before the first. */
  readonly size: number;
  readonly at: number | null;
  readonly failure: string | null;
  /** It is a directory on the log's own disk, and so no anchor. */
  readonly isNear: boolean;
}

export interface AnchoringTask {
  /** That of the tree: daily checkpoints and cursors lie in it. */
  readonly treeDirectory: string;
  readonly origin: string;
  readonly anchors: readonly AnchorSettings[];
  readonly keepSeconds: number;
}

interface Checkpoint {
  readonly size: number;
  readonly content: string;
}

const everyMilliseconds = 10_000;
const slowestMilliseconds = 300_000;
const pruneMilliseconds = 3_600_000;

export class AuditAnchoring {
  readonly #places: readonly Place[];

  constructor(task: AnchoringTask, clock: Clock) {
    this.#places = task.anchors.map((anchor) => new Place(anchor, task, clock));
  }

  get status(): readonly AnchorStatus[] {
    return this.#places.map((place) => place.status);
  }

  /** Begins what is due and returns at once; directories are done when it returns. `last`: due or not. */
  deliver(newest: Checkpoint, last = false): void {
    for (const place of this.#places) place.deliver(newest, last);
  }

  /** Resolves when nothing is under way. Never rejects. */
  async settled(): Promise<void> {
    await Promise.all(this.#places.map(async (place) => place.busy));
  }
}

class Place {
  status: AnchorStatus;
  busy: Promise<void> | null = null;
  readonly #anchor: AnchorSettings;
  readonly #task: AnchoringTask;
  readonly #clock: Clock;
  readonly #cursorFile: string;
  #triedAt = -Infinity;
  #wait = everyMilliseconds;
  #prunedAt = -Infinity;

  constructor(anchor: AnchorSettings, task: AnchoringTask, clock: Clock) {
    this.#anchor = anchor;
    this.#task = task;
    this.#clock = clock;
    const where = anchorPlace(anchor);
    this.#cursorFile = cursorFile(task.treeDirectory, where);
    this.status = { where, size: 0, at: null, failure: null, isNear: false, ...readCursor(this.#cursorFile) };
  }

  deliver(newest: Checkpoint, last: boolean): void {
    const isDue = last || this.#clock.monotonic() - this.#triedAt >= this.#wait;
    if (this.busy !== null || !isDue || newest.size === this.status.size) return;
    this.#triedAt = this.#clock.monotonic();
    if (this.#anchor.kind === 'directory') {
      this.#settle(() => this.#intoDirectory(newest));
      return;
    }
    this.busy = this.#overNetwork(newest).finally(() => {
      this.busy = null;
    });
  }

  #intoDirectory(newest: Checkpoint): void {
    if (this.#anchor.kind !== 'directory') return;
    const { path } = this.#anchor;
    for (const one of this.#missed(newest)) writeAnchor(path, anchorName(this.#task.origin, one.size), one.content);
    this.#arrived(newest, onSameDisk(path, this.#task.treeDirectory));
    this.#prune(path);
  }

  async #overNetwork(newest: Checkpoint): Promise<void> {
    try {
      for (const one of this.#missed(newest)) {
        await this.#send(one);
        this.#arrived(one, false);
      }
    } catch (cause) {
      this.#failed(cause);
    }
  }

  async #send({ size, content }: Checkpoint): Promise<void> {
    const now = this.#clock.now();
    if (this.#anchor.kind === 'put') {
      // Loaded where such a place is named: two threads would else start with a client of HTTP that they rarely use.
      const { putAnchor } = await import('./audit-anchor-put.ts');
      const keepUntil = now + this.#task.keepSeconds * 1000;
      await putAnchor(this.#anchor, anchorName(this.#task.origin, size), content, { now, keepUntil });
    }
    if (this.#anchor.kind === 'syslog') await sendAnchor(this.#anchor, content, now);
  }

  /** The last ones of the days since it was reached, and the newest, oldest first. */
  #missed(newest: Checkpoint): Checkpoint[] {
    const { size } = this.status;
    if (size === 0) return [newest];
    const days = join(this.#task.treeDirectory, 'checkpoints');
    const daily = readdirSync(days).flatMap((name) => {
      const content = contentOf(join(days, name))?.toString('utf8') ?? '';
      const read = readSignedCheckpoint(content, this.#task.origin);
      return typeof read === 'string' || read.size <= size || read.size >= newest.size ? [] : [{ size: read.size, content }];
    });
    return [...daily.sort((one, other) => one.size - other.size), newest];
  }

  #arrived({ size }: Checkpoint, isNear: boolean): void {
    const at = this.#clock.now();
    this.#wait = everyMilliseconds;
    this.status = { ...this.status, size, at, failure: null, isNear };
    mkdirSync(join(this.#task.treeDirectory, 'anchors'), { recursive: true, mode: 0o700 });
    writeOwned(this.#cursorFile, Buffer.from(`${JSON.stringify({ size, at })}\n`), this.#task.treeDirectory);
  }

  #failed(cause: unknown): void {
    this.#wait = Math.min(this.#wait * 2, slowestMilliseconds);
    this.status = { ...this.status, failure: causeInWords(cause) };
  }

  #settle(deliver: () => void): void {
    try {
      deliver();
    } catch (cause) {
      this.#failed(cause);
      // A share that comes back is used at once: looking at it costs nothing.
      this.#wait = everyMilliseconds;
    }
  }

  /** What a place does not let us remove stays there, which is as it should be. */
  #prune(path: string): void {
    if (this.#clock.monotonic() - this.#prunedAt < pruneMilliseconds) return;
    this.#prunedAt = this.#clock.monotonic();
    const files = anchoredIn(path, this.#task.origin).map((file) => ({ name: basename(file), at: statSync(file).mtimeMs }));
    for (const name of prunedAnchors(files, this.#clock.now())) {
      try {
        rmSync(join(path, name), { force: true });
      } catch {
        return;
      }
    }
  }
}

function cursorFile(treeDirectory: string, where: string): string {
  return join(treeDirectory, 'anchors', `${createHash('sha256').update(where).digest('hex').slice(0, 16)}.json`);
}

/** Records under the newest checkpoint that every one of the places has; infinite where none is named. */
export function anchoredEverywhere(treeDirectory: string, anchors: readonly AnchorSettings[]): number {
  const sizes = anchors.map((anchor) => readCursor(cursorFile(treeDirectory, anchorPlace(anchor))).size ?? 0);
  return Math.min(Infinity, ...sizes);
}

/** What people are told of a place. */
export function anchorPlace(anchor: AnchorSettings): string {
  if (anchor.kind === 'directory') return anchor.path;
  return anchor.kind === 'put' ? anchor.url : `tls://${anchor.host}:${anchor.port}`;
}

/** Where the last run was; nothing where there is no cursor that can be read. */
function readCursor(file: string): Partial<AnchorStatus> {
  const found = /^\{"size":(\d{1,16}),"at":(\d{1,16})\}\n$/.exec(contentOf(file)?.toString('latin1') ?? '');
  return found === null ? {} : { size: Number(found[1]), at: Number(found[2]) };
}
