// What a feed tells of each record, in the order of the log, and from where it must read to go on after it was stopped. An access
// is told once: its attempt waits for its outcome, and a cursor that only said how far was read would lose the ones that wait.

import { OpenAttempts } from '../message/open-attempts.ts';
import type { ReadRecord } from '../read-record.ts';

/** What a record makes known; often nothing yet. */
export interface Told {
  readonly sequence: number;
  readonly hash: string;
  /** As the record says it; null where it does not. */
  readonly time: string | null;
  /** The lowest record that a feed which has told all this still needs. */
  readonly from: number;
  readonly records: readonly ReadRecord[];
}

export class ToldOrder {
  readonly #attempts: OpenAttempts;
  readonly #already: number;

  /** Records up to `already` were told before: they are only read for the attempts that still wait among them. */
  constructor(already: number, most?: number) {
    this.#already = already;
    this.#attempts = new OpenAttempts(most);
  }

  /** Null for what was told before. */
  take(record: ReadRecord): Told | null {
    const { sequence, hash, fields } = record;
    const { time } = fields;
    const records = this.#attempts.take(record);
    if (sequence <= this.#already) return null;
    const said = typeof time === 'string' ? time : null;
    return { sequence, hash, time: said, from: this.#attempts.oldest ?? sequence + 1, records };
  }
}
