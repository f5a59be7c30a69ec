// Wrong codes per person, counted by one statement in the store: however many gateways somebody guesses at, the tries are those of
// one, and a restart clears no block. How long a block lasts is decided in `core/second-factor/attempt-rules.ts`.

import { z } from 'zod';
import { forgetOldest } from '../core/forget-oldest.ts';
import { blockAfter, failuresPerBlock, forgetAfterMilliseconds } from '../core/second-factor/attempt-rules.ts';
import type { AttemptLimiter } from '../identity-ports.ts';
import type { Clock } from '../ports.ts';
import type { StateDb, Statement } from './state-db.ts';

const shape = z.object({ failures: z.number(), blocked_until: z.number() });
type Counted = z.infer<typeof shape>;

/** A block as this gateway met it first. */
interface Block {
  readonly failures: number;
  readonly until: number;
  /** By the clock that never jumps. */
  readonly ends: number;
}

/** Blocks that are remembered; a forgotten one is measured anew. */
const mostBlocks = 10_000;

const select = 'SELECT failures, blocked_until FROM attempts WHERE key = ?';
/** What it is after this failure. */
const failures = 'CASE WHEN attempts.forget_at <= ?2 THEN 1 ELSE attempts.failures + 1 END';
const block = blocksAsSql();
/** ?2: now; ?3: when a first failure is forgotten. Counted from the last failure, or from the end of its block. */
const count = `INSERT INTO attempts (key, failures, blocked_until, forget_at) VALUES (?1, 1, 0, ?3)
  ON CONFLICT (key) DO UPDATE SET failures = ${failures},
    blocked_until = CASE WHEN ${block} > 0 THEN ?2 + ${block} ELSE attempts.blocked_until END,
    forget_at = ?3 + CASE WHEN ${block} > 0 THEN ${block}
      WHEN attempts.blocked_until > ?2 THEN attempts.blocked_until - ?2 ELSE 0 END
  RETURNING failures, blocked_until`;

export class SqliteAttemptLimiter implements AttemptLimiter {
  readonly #db: StateDb;
  readonly #clock: Clock;
  /**
   * A block ends by the clock that never jumps: one that was set back must not lengthen it, and one that was set forward must not
   * end it, at a gateway that knows it.
   */
  readonly #blocks = new Map<string, Block>();

  private constructor(db: StateDb, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Forgets what is old. */
  static async open(db: StateDb, clock: Clock): Promise<SqliteAttemptLimiter> {
    await db.run('sessions', [{ sql: 'DELETE FROM attempts WHERE forget_at <= ?', params: [clock.now()] }]);
    return new SqliteAttemptLimiter(db, clock);
  }

  async blockedFor(key: string): Promise<number> {
    const found = await this.#one({ sql: select, params: [key] });
    return found === null ? 0 : this.#left(key, found);
  }

  async fail(key: string): Promise<number> {
    const now = this.#clock.now();
    const counted = await this.#one({ sql: count, params: [key, now, now + forgetAfterMilliseconds] });
    return counted === null ? 0 : this.#left(key, counted);
  }

  async clear(key: string): Promise<void> {
    await this.#one({ sql: 'DELETE FROM attempts WHERE key = ?', params: [key] });
    this.#blocks.delete(key);
  }

  /** Whole milliseconds. */
  #left(key: string, { failures: all, blocked_until: until }: Counted): number {
    const last = all - (all % failuresPerBlock);
    const known = this.#blocks.get(key);
    const isKnown = known?.failures === last && known.until === until;
    // The wall clock may have been set back since: what is left is never more than the block was.
    const left = isKnown ? known.ends - this.#clock.monotonic() : Math.min(until - this.#clock.now(), blockAfter(last));
    if (!isKnown && left > 0) {
      this.#blocks.delete(key);
      this.#blocks.set(key, { failures: last, until, ends: this.#clock.monotonic() + left });
      forgetOldest(this.#blocks, mostBlocks);
    }
    return Math.ceil(Math.max(0, left));
  }

  async #one(statement: Statement): Promise<Counted | null> {
    const row = (await this.#db.run('sessions', [statement]))[0]?.rows[0];
    return row === undefined ? null : shape.parse(row);
  }
}

/** `blockAfter` of the count after this failure, as a statement says it: up to the longest block, which then stays. */
function blocksAsSql(): string {
  const steps: string[] = [];
  for (let at = failuresPerBlock; ; at += failuresPerBlock) {
    const lasts = blockAfter(at);
    if (lasts === blockAfter(at + failuresPerBlock)) return `CASE ${[notYet(), ...steps].join(' ')} ELSE ${lasts} END`;
    steps.push(`WHEN (${failures}) = ${at} THEN ${lasts}`);
  }
}

function notYet(): string {
  return `WHEN (${failures}) % ${failuresPerBlock} <> 0 THEN 0`;
}
