// What was written to the log but is not known to be on the disk yet, oldest first. It is kept in memory so that it can be
// written again elsewhere. It never touches a file.

import type { Batch } from './audit-batch.ts';
import type { AuditSegment } from './audit-segment.ts';

/** A written batch; `size` is where it ends in its segment, null for one that waits for a new segment. */
export interface Unconfirmed {
  readonly batch: Batch;
  readonly segment: AuditSegment | null;
  readonly size: number;
}

export class AuditBacklog {
  #items: Unconfirmed[] = [];
  #records = 0;
  #bytes = 0;

  get records(): number {
    return this.#records;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): Unconfirmed | undefined {
    return this.#items[0];
  }

  get newest(): Unconfirmed | undefined {
    return this.#items.at(-1);
  }

  add(item: Unconfirmed): void {
    this.#items.push(item);
    this.#records += item.batch.records;
    this.#bytes += item.batch.bytes.length;
  }

  /** The oldest batches that stand in one segment with the oldest of all: what one sync covers. */
  leading(): readonly Unconfirmed[] {
    const segment = this.oldest?.segment;
    const other = this.#items.findIndex((item) => item.segment !== segment);
    return other === -1 ? [...this.#items] : this.#items.slice(0, other);
  }

  holds(segment: AuditSegment): boolean {
    return this.#items.some((item) => item.segment === segment);
  }

  /** Every segment that still holds something. */
  segments(): Set<AuditSegment> {
    return new Set(this.#items.flatMap((item) => (item.segment === null ? [] : [item.segment])));
  }

  /** All bytes in order, to be written again. */
  allBytes(): Buffer {
    return Buffer.concat(this.#items.map((item) => item.batch.bytes));
  }

  /** The oldest `count` batches are on the disk. */
  confirm(count: number): void {
    for (const { batch } of this.#items.splice(0, count)) {
      this.#records -= batch.records;
      this.#bytes -= batch.bytes.length;
      batch.resolve();
    }
  }

  confirmAll(): void {
    this.confirm(this.#items.length);
  }

  /** Whoever waits is told that it takes too long. The records stay and are written as soon as they can be. */
  giveUpWaiting(cause: Error): void {
    for (const { batch } of this.#items) batch.reject(cause);
  }
}
