// Counts of the search index by hour, and which records each hour has: gathered over the records of one transaction and written
// once, because most of them fall into one hour.

import type { DatabaseSync, StatementSync } from 'node:sqlite';

const hourMilliseconds = 3_600_000;

/** Numbers of words. */
interface Kind {
  readonly event: number | null;
  readonly decision: number | null;
}

interface Count extends Kind {
  readonly hour: number;
  count: number;
  bytesOut: number;
}

export class IndexHours {
  readonly #addCount: StatementSync;
  readonly #widen: StatementSync;
  readonly #counts = new Map<string, Count>();
  readonly #spans = new Map<number, { first: number; last: number }>();

  constructor(database: DatabaseSync) {
    this.#addCount = database.prepare(`INSERT INTO hours VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET count = count + excluded.count, bytes_out = bytes_out + excluded.bytes_out`);
    this.#widen = database.prepare(`INSERT INTO spans VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)`);
  }

  /** The records `first` to `last` are in the hour of that time. */
  span(time: number, first: number, last: number): void {
    const hour = hourOf(time);
    const span = this.#spans.get(hour);
    if (span === undefined) this.#spans.set(hour, { first, last });
    else [span.first, span.last] = [Math.min(span.first, first), Math.max(span.last, last)];
  }

  count(time: number, { event, decision }: Kind, bytesOut: number): void {
    const hour = hourOf(time);
    const key = `${hour} ${event} ${decision}`;
    const counted = this.#counts.get(key) ?? { hour, event, decision, count: 0, bytesOut: 0 };
    counted.count += 1;
    counted.bytesOut += bytesOut;
    this.#counts.set(key, counted);
  }

  /** Within the transaction of the records. */
  write(): void {
    for (const [hour, { first, last }] of this.#spans) this.#widen.run(hour, first, last);
    for (const { hour, event, decision, count, bytesOut } of this.#counts.values())
      this.#addCount.run(hour, event, decision, count, bytesOut);
    this.forget();
  }

  /** After a transaction that was taken back. */
  forget(): void {
    this.#spans.clear();
    this.#counts.clear();
  }
}

function hourOf(time: number): number {
  return Math.floor(time / hourMilliseconds);
}
