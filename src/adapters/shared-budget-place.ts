// Where one budget stands for all gateways: a key in Redis that is written only over the version that was judged, and a row of the
// state database behind it. A script touches this one key, so that it runs on a cluster as well.

import { createHash } from 'node:crypto';
import { Fault } from '../core/faults.ts';
import type { BudgetDb } from './budget-book.ts';
import { readBudget } from './budget-row.ts';
import { rowLastsMilliseconds, selectBudget } from './budget-tables.ts';
import { inTime } from './redis-in-time.ts';
import { neverUsed, readShared, writeShared } from './shared-budget-value.ts';
import type { SharedBudgetValue } from './shared-budget-value.ts';

/** What the book needs of Redis. */
export interface BudgetRedis {
  /** Runs a script over one key, which is given without the clinic's prefix. Rejects where Redis does not do it. */
  eval(script: string, key: string, args: readonly (string | number)[]): Promise<unknown>;
}

/** What stands there now: its version, '' where nothing does. */
export interface Standing {
  readonly version: string;
  readonly value: SharedBudgetValue | null;
}

/** A process that stood still reads first what has arrived meanwhile. */
const leastMilliseconds = 20;
/** No version is called so: what stands is given back. */
const unknownVersion = '?';

const step = `
local version = redis.call('HGET', KEYS[1], 'version') or ''
if version ~= ARGV[1] then return { version, redis.call('HGET', KEYS[1], 'value') or '' } end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[1], 'version', ARGV[2], 'value', ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
return 1`;

export class SharedBudgetPlace {
  readonly #redis: BudgetRedis;
  readonly #db: BudgetDb;
  readonly #person: string;
  readonly #key: string;

  constructor(redis: BudgetRedis, db: BudgetDb, person: string) {
    this.#redis = redis;
    this.#db = db;
    this.#person = person;
    // Not the name itself: whoever lists the keys of a Redis must not read from them who works here.
    this.#key = `{${createHash('sha256').update(person).digest('base64url')}}budget`;
  }

  /** Rejects where Redis does not answer in time, or holds what cannot be read. */
  async look(within: number): Promise<Standing> {
    const answer = await this.#ask([unknownVersion, ''], within);
    if (answer === 1) throw new Fault('session-store-unavailable', { detail: 'Redis knows a version that nobody writes' });
    return answer;
  }

  /** 1 where `expected` stood there and, unless it is null, `next` stands now; else what stands. */
  async replace(expected: string, next: { readonly version: string; readonly value: SharedBudgetValue } | null, within: number) {
    const written = next === null ? [''] : [next.version, writeShared(next.value), rowLastsMilliseconds];
    return this.#ask([expected, ...written], within);
  }

  /** What was written last, a second old at most; null where nothing that still means something was. */
  async row(now: number, within: number): Promise<SharedBudgetValue | null> {
    const query = { sql: selectBudget, params: [this.#person, now] };
    const [result] = await inTime(this.#db.run('sessions', [query]), Math.max(leastMilliseconds, within), 'The row of a budget');
    const row = result?.rows[0];
    if (row === undefined) return null;
    const at = Math.max(1, Number(row['forget_at']) - rowLastsMilliseconds);
    return { ...neverUsed, at, budget: readBudget(String(row['state'])) };
  }

  async #ask(args: readonly (string | number)[], within: number): Promise<1 | Standing> {
    const answer = await inTime(this.#redis.eval(step, this.#key, args), Math.max(leastMilliseconds, within), 'The budget');
    if (answer === 1) return 1;
    const [version, value] = answer as readonly [string, string];
    return { version, value: version === '' ? null : readShared(value) };
  }
}
