// What stands in memory of rows that other gateways write too. What one of them tells of is marked at once and read again then; as
// long as it is marked, it is nobody's answer. Holds no rows itself.

import { hash } from 'node:crypto';
import { personKey } from '../core/downloads/person-key.ts';
import { Fault } from '../core/faults.ts';
import type { ChangeTopic, SharedChanges } from '../shared-ports.ts';
import { inTime } from './in-time.ts';

export interface FollowedRowsOptions {
  readonly changes: SharedChanges;
  readonly topic: ChangeTopic;
  /** Reads all rows and resolves with what puts them in the place of those in memory. */
  readonly read: () => Promise<() => void>;
}

/** More marks than these are one for everything. */
const mostMarks = 10_000;
const everything = '';

export class FollowedRows {
  readonly #options: FollowedRowsOptions;
  /** What was told since the reading under way began. */
  #marks = new Set<string>();
  /** What that reading is for. */
  #beingRead = new Set<string>();
  #reading: Promise<void> | null = null;

  constructor(options: FollowedRowsOptions) {
    this.#options = options;
    const { changes, topic } = options;
    changes.follow(topic, (entries) => {
      for (const entry of entries) this.#mark(entry);
      // Whoever asks for it reads again where this fails.
      this.#read().catch(() => undefined);
    });
    changes.onMissed(async () => this.readAll());
  }

  /** Everything, from the start of the reading on. */
  async readAll(): Promise<void> {
    this.#mark(everything);
    await this.#read();
  }

  /**
   * Undefined where memory may be gone by; else resolves once it may, and rejects with Fault `session-store-unavailable` after
   * half a second. Without a key: for all rows.
   */
  unread(key?: () => string): Promise<void> | undefined {
    if (this.#marks.size === 0 && this.#beingRead.size === 0) return undefined;
    if (key !== undefined && !this.#isMarked(everything) && !this.#isMarked(key())) return undefined;
    return inTime(this.#read(), 'what another gateway changed cannot be read in time');
  }

  /** Resolves once memory has everything that was changed before this call, wherever. Rejects as `unread` does. */
  async latest(): Promise<void> {
    if (!(await this.#options.changes.caughtUp())) throw unavailable('what other gateways changed cannot be heard at present');
    await this.unread();
  }

  /** Tells the others of rows that were written here. A reading that began before then may lack them, so it is not the last. */
  async wrote(key: string): Promise<void> {
    if (this.#reading !== null) this.#mark(key);
    await this.#options.changes.tell(this.#options.topic, [key]);
  }

  #isMarked(key: string): boolean {
    return this.#marks.has(key) || this.#beingRead.has(key);
  }

  #mark(key: string): void {
    if (this.#marks.size >= mostMarks) this.#marks = new Set([everything]);
    this.#marks.add(key);
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readMarked().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readMarked(): Promise<void> {
    while (this.#marks.size > 0 || this.#beingRead.size > 0) {
      for (const mark of this.#marks) this.#beingRead.add(mark);
      this.#marks = new Set();
      const put = await this.#options.read();
      put();
      this.#beingRead = new Set();
    }
  }
}

/** A person as others are told of them: no name, and nothing to look up in a record. */
export function personMark(person: { readonly issuer: string; readonly sub: string }): string {
  return hash('sha256', personKey(person), 'base64url').slice(0, 22);
}

function unavailable(detail: string): Fault {
  return new Fault('session-store-unavailable', { detail });
}
