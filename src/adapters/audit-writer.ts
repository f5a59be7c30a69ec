// Writes chained batches into the segment of the day, syncs them and moves the signed head on. It knows what is on the disk
// and what only was written, and can write the latter again into a new segment. Whether requests may go on meanwhile is
// not its business; `audit-log-file.ts` decides that.

import { auditEntry } from '../core/audit/entry.ts';
import type { AuditEntry } from '../core/audit/entry.ts';
import { noRecord } from '../core/audit/encode-record.ts';
import { writeOutageNote } from '../core/audit/outage-note.ts';
import { readSegmentName } from '../core/audit/segment-name.ts';
import { AuditBacklog } from './audit-backlog.ts';
import { cutBatch, makeBatch } from './audit-batch.ts';
import type { Batch, ChainEnd } from './audit-batch.ts';
import type { AuditDirectories } from './audit-directories.ts';
import { HeadWriter } from './audit-head.ts';
import { locateLog } from './audit-locate.ts';
import type { AuditLogNeeds } from './audit-log-options.ts';
import { recoverLog } from './audit-recover.ts';
import type { AuditSegment } from './audit-segment.ts';
import type { SigningKey } from './audit-signing.ts';
import type { StartingPoint } from './audit-start.ts';

/** Everything that is known once the log has been found: where to write, and with which key the head is signed. */
interface Found {
  readonly key: SigningKey;
  readonly head: HeadWriter;
  readonly start: StartingPoint;
}

/** How a write went: the records that are in the file, and why the others are not. */
export interface Written {
  readonly kept: Batch | null;
  readonly error: unknown;
}

const dayMilliseconds = 86_400_000;

export class AuditWriter {
  readonly backlog = new AuditBacklog();
  readonly #needs: AuditLogNeeds;
  readonly #directories: AuditDirectories;
  readonly #failed: (cause: unknown) => void;
  #found: Found | null = null;
  #end: ChainEnd = { sequence: 0, hash: noRecord };
  #segment: AuditSegment | null = null;
  #lastName: string | null = null;
  #day = 0;
  #syncingSince: number | null = null;
  #placeCheckedAt = -Infinity;

  /** `failed` is called when something that was written cannot be confirmed. */
  constructor(needs: AuditLogNeeds, directories: AuditDirectories, failed: (cause: unknown) => void) {
    this.#needs = needs;
    this.#directories = directories;
    this.#failed = failed;
  }

  /** True while a sync takes longer than it may. */
  get stalled(): boolean {
    const { clock, limits } = this.#needs;
    return this.#syncingSince !== null && clock.monotonic() - this.#syncingSince > limits.syncStallMilliseconds;
  }

  get located(): boolean {
    return this.#found !== null;
  }

  /** Finds the end of the log. Rejects with AuditLogRefused, and with system errors as they are. */
  async locate(): Promise<StartingPoint> {
    const { key, start } = await locateLog(this.#needs, this.#directories);
    const head = new HeadWriter(key, { ...this.#needs, everyMilliseconds: this.#needs.limits.headEveryMilliseconds });
    this.#found = { key, head, start };
    this.#end = start.end;
    this.#lastName = start.last?.file.name ?? null;
    if (start.unfinished !== null) this.backlog.add({ batch: start.unfinished.batch, segment: null, size: 0 });
    return start;
  }

  /** Goes on in the last segment where it lies in the first directory, else opens a new one. Cuts torn lines. */
  open(): void {
    const { key, start } = this.#known();
    for (const { file, size } of start.torn) this.#directories.extendSegment(file.directory, file.name, size, key).close();
    const { last } = start;
    const segment =
      last?.file.directory === this.#needs.directory
        ? this.#directories.extendSegment(last.file.directory, last.file.name, last.size, key)
        : this.#openSegment();
    this.#use(segment);
    this.#promiseEmptyLog(segment);
  }

  /** Writes the entries with one write. Throws when the segment of a new day cannot be opened. */
  write(entries: readonly AuditEntry[]): Written {
    const segment = this.#todaysSegment();
    const batch = makeBatch(entries, this.#end, this.#needs.boot, this.#needs.clock.monotonic());
    const { written, error } = segment.write(batch.bytes);
    const kept = error === null ? batch : cutBatch(batch, written);
    if (error !== null) segment.cutTo(kept?.bytes.length ?? 0);
    if (kept !== null) {
      this.#end = kept.end;
      this.backlog.add({ batch: kept, segment, size: segment.size });
    }
    return { kept, error };
  }

  /** One fdatasync at a time; the next one covers all that was written meanwhile. */
  sync(): void {
    const covered = this.backlog.leading();
    const segment = covered[0]?.segment ?? null;
    if (this.#syncingSince !== null || segment === null || segment.abandoned) return;
    const { clock, synced } = this.#needs;
    const begunAt = clock.monotonic();
    this.#syncingSince = begunAt;
    segment.sync((error) => {
      this.#syncingSince = null;
      if (segment.abandoned) return this.sync();
      if (error !== null) return this.#failed(error);
      synced(clock.monotonic() - begunAt);
      this.#confirm(segment, covered.length, covered.at(-1)?.size ?? 0, covered.at(-1)?.batch.end ?? this.#end);
      this.sync();
    });
  }

  /** Abandons every segment that holds something unconfirmed and chains the record that says so behind it. */
  giveUpSegments(cause: string, time: number): void {
    if (this.#found === null) return;
    const { oldest } = this.backlog;
    const after = this.#durableSequence();
    const abandoned = oldest?.segment?.name ?? this.#segment?.name ?? this.#found.start.unfinished?.abandoned ?? null;
    const detail = writeOutageNote({ cause, abandoned, after, repeated: this.#end.sequence - after });
    for (const segment of this.backlog.segments()) segment.abandon();
    this.#segment?.abandon();
    const entries = [auditEntry('audit-outage', time, { detail })];
    const batch = makeBatch(entries, this.#end, this.#needs.boot, this.#needs.clock.monotonic());
    this.#end = batch.end;
    this.backlog.add({ batch, segment: null, size: 0 });
  }

  /** Writes everything unconfirmed into a new segment and syncs it; then goes on there. Rejects with system errors. */
  async rewrite(withReserve: boolean): Promise<void> {
    const { key, head } = this.#known();
    const segment = await recoverLog(this.#directories, {
      key,
      date: this.#today(),
      behind: this.#lastName,
      bytes: this.backlog.allBytes(),
      withReserve,
      opened: (opened) => this.#promiseEmptyLog(opened),
    });
    this.#use(segment);
    this.backlog.confirmAll();
    head.advance({ directory: segment.directory, file: segment.name, size: segment.size, ...this.#end });
  }

  /** Makes the reserve again, or moves to the directory that has room for one. Throws when none has. */
  regainReserve(): void {
    const segment = this.#segment;
    if (segment === null) return;
    try {
      this.#directories.keepReserve(segment.directory);
    } catch {
      this.#use(this.#openSegment());
      segment.close();
    }
  }

  /** Throws where the head cannot be written. */
  signWith(key: SigningKey): void {
    const found = this.#known();
    found.head.signWith(key);
    this.#found = { ...found, key };
  }

  close(): void {
    this.#found?.head.flush();
    this.#segment?.close();
  }

  #confirm(segment: AuditSegment, batches: number, size: number, end: ChainEnd): void {
    const { clock, limits } = this.#needs;
    if (clock.monotonic() - this.#placeCheckedAt >= limits.placeCheckMilliseconds) {
      this.#placeCheckedAt = clock.monotonic();
      if (!segment.isInPlace()) return this.#failed(new Error(`the file "${segment.name}" was moved, replaced or removed`));
    }
    this.backlog.confirm(batches);
    this.#found?.head.advance({ directory: segment.directory, file: segment.name, size, ...end });
    if (segment !== this.#segment && !this.backlog.holds(segment)) segment.close();
  }

  /** The segment of the day, opened at the first record after midnight UTC. A clock that goes back stays in its file. */
  #todaysSegment(): AuditSegment {
    const before = this.#segment;
    if (before !== null && this.#needs.clock.now() < this.#day + dayMilliseconds) return before;
    const next = this.#openSegment();
    this.#use(next);
    if (before !== null && !this.backlog.holds(before)) before.close();
    return next;
  }

  #openSegment(): AuditSegment {
    return this.#directories.openSegment(this.#today(), this.#lastName, this.#known().key);
  }

  #use(segment: AuditSegment): void {
    this.#segment = segment;
    this.#lastName = segment.name;
    this.#day = Date.parse(readSegmentName(segment.name)?.date ?? '');
  }

  /** A log without a head counts as tampered with, so the head comes before the first record. */
  #promiseEmptyLog({ directory, name }: AuditSegment): void {
    if (this.#durableSequence() > 0) return;
    const { head } = this.#known();
    head.advance({ directory, file: name, size: 0, sequence: 0, hash: noRecord });
    head.flush();
  }

  /** The last record that is known to be on the disk. */
  #durableSequence(): number {
    const { oldest } = this.backlog;
    return oldest === undefined ? this.#end.sequence : oldest.batch.firstSequence - 1;
  }

  #known(): Found {
    if (this.#found === null) throw new Error('The audit log has not been found yet');
    return this.#found;
  }

  #today(): string {
    return new Date(this.#needs.clock.now()).toISOString().slice(0, 10);
  }
}
