// Wrong codes per person: counted in memory, kept on disk so that a restart does not clear a block. How long a block
// lasts is decided in `core/second-factor/attempt-rules.ts`.

import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { blockAfter, failuresPerBlock, forgetAfterMilliseconds } from '../core/second-factor/attempt-rules.ts';
import type { AttemptLimiter } from '../identity-ports.ts';
import type { Clock } from '../ports.ts';
import type { StateDb } from './state-db.ts';

const shape = z.object({ key: z.string(), failures: z.number(), blocked_until: z.number(), forget_at: z.number() });

export class MemoryAttemptLimiter implements AttemptLimiter {
  readonly #db: StateDb;
  readonly #clock: Clock;
  readonly #counter = new RateLimiterMemory({
    keyPrefix: 'factor',
    points: failuresPerBlock,
    duration: forgetAfterMilliseconds / 1000,
  });
  /**
   * By the clock that never jumps: one that was set back must not lengthen a block, and one that was set forward must not
   * end it. At most one entry per person who ever mistyped; dropped when its block is over.
   */
  readonly #blockedUntil = new Map<string, number>();

  private constructor(db: StateDb, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Restores counts and blocks of an earlier run. */
  static async open(db: StateDb, clock: Clock): Promise<MemoryAttemptLimiter> {
    const limiter = new MemoryAttemptLimiter(db, clock);
    const now = clock.now();
    const [, result] = await db.run('sessions', [
      { sql: 'DELETE FROM attempts WHERE forget_at <= ?', params: [now] },
      { sql: 'SELECT * FROM attempts', params: [] },
    ]);
    for (const row of result?.rows ?? []) {
      const { key, failures, blocked_until: blockedUntil, forget_at: forgetAt } = shape.parse(row);
      await limiter.#counter.set(key, failures, Math.ceil((forgetAt - now) / 1000));
      // The wall clock may have been set back since: what is left is never more than the block was.
      const left = Math.min(blockedUntil - now, blockAfter(failures - (failures % failuresPerBlock)));
      if (left > 0) limiter.#blockedUntil.set(key, clock.monotonic() + left);
    }
    return limiter;
  }

  async blockedFor(key: string): Promise<number> {
    return Promise.resolve(this.#blocked(key));
  }

  async fail(key: string): Promise<number> {
    const now = this.#clock.now();
    const { consumedPoints: failures } = await this.#counter.penalty(key, 1);
    const block = blockAfter(failures);
    if (block > 0) this.#blockedUntil.set(key, this.#clock.monotonic() + block);
    const left = this.#blocked(key);
    const blockedUntil = left > 0 ? now + left : 0;
    const forgetAt = now + left + forgetAfterMilliseconds;
    // Counted from the last failure, so that a block near its end still remembers what came before.
    await this.#counter.set(key, failures, Math.ceil((forgetAt - now) / 1000));
    const sql = `INSERT INTO attempts (key, failures, blocked_until, forget_at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
      SET failures = excluded.failures, blocked_until = excluded.blocked_until, forget_at = excluded.forget_at`;
    await this.#db.run('sessions', [{ sql, params: [key, failures, blockedUntil, forgetAt] }]);
    return left;
  }

  async clear(key: string): Promise<void> {
    this.#blockedUntil.delete(key);
    await this.#counter.delete(key);
    await this.#db.run('sessions', [{ sql: 'DELETE FROM attempts WHERE key = ?', params: [key] }]);
  }

  /** Whole milliseconds left. */
  #blocked(key: string): number {
    const until = this.#blockedUntil.get(key);
    const left = until === undefined ? 0 : Math.ceil(Math.max(0, until - this.#clock.monotonic()));
    if (left === 0) this.#blockedUntil.delete(key);
    return left;
  }
}
