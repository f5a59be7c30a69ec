// The download budgets of everybody at work, for several gateways: counts that hold across all of them. A budget stands in Redis
// and is changed by steps (`shared-budget.ts`); whoever changed it writes the row of the state database within a second, which is
// read where Redis has nothing. A person whose budget cannot be read is refused, never given a fresh one.
// Bandwidth is each gateway's own: a person whose requests go to n gateways has n times their pace at most. A balancer that keeps
// people where they are gives them one gateway; waiting for Redis with every chunk would cost everybody more than this gives away.

import { createHmac } from 'node:crypto';
import type { BudgetAccount, BudgetBook } from '../budget-ports.ts';
import type { Clock } from '../ports.ts';
import type { BudgetDb } from './budget-book.ts';
import { BudgetPeople } from './budget-people.ts';
import { writeBudget } from './budget-row.ts';
import { forgetBudgets, rowLastsMilliseconds } from './budget-tables.ts';
import { SharedBudget } from './shared-budget.ts';
import { SharedBudgetPlace } from './shared-budget-place.ts';
import type { BudgetRedis } from './shared-budget-place.ts';

export interface RedisBudgetBookOptions {
  readonly db: BudgetDb;
  readonly redis: BudgetRedis;
  readonly clock: Clock;
  /** Of this process alone, among all gateways and all times. */
  readonly gateway: string;
  /** The same at all gateways: Redis holds no patient's number and no address of a file, only what this makes of them. */
  readonly secret: string;
  /** Called when a second's changes could not be written; they are kept and tried again a second later. */
  readonly onFlushFailed: (cause: unknown) => void;
  /** People kept in memory at most; default 50,000. */
  readonly maximumPeople?: number;
  /** Whoever waits for Redis is refused after this; default 400. */
  readonly answerMilliseconds?: number;
  /** Default one second. */
  readonly flushEveryMilliseconds?: number;
}

const defaultFlushMilliseconds = 1000;
const forgetEveryMilliseconds = 600_000;
/** 132 bits: two patients do not share a key. */
const keyLength = 22;

/** A row is written over an older one alone, whichever gateway comes first: until when it counts says when it was made. */
const upsert = `INSERT INTO download_budgets (person, state, forget_at) VALUES (?, ?, ?)
  ON CONFLICT (person) DO UPDATE SET state = excluded.state, forget_at = excluded.forget_at
  WHERE download_budgets.forget_at < excluded.forget_at`;

export class RedisBudgetBook implements BudgetBook {
  readonly #options: RedisBudgetBookOptions;
  readonly #people: BudgetPeople<SharedBudget>;
  readonly #dirty = new Set<SharedBudget>();
  readonly #holding = new Set<SharedBudget>();
  readonly #timer: NodeJS.Timeout;
  #flushing: Promise<void> = Promise.resolve();
  #writing = false;
  #forgotAt = -Infinity;
  #accounts = 0;

  constructor(options: RedisBudgetBookOptions) {
    this.#options = options;
    this.#people = new BudgetPeople({
      clock: options.clock,
      ...(options.maximumPeople === undefined ? {} : { maximum: options.maximumPeople }),
      load: async (person) => this.#load(person),
      mayGo: (account) => !this.#dirty.has(account) && account.atRest,
    });
    this.#timer = setInterval(() => {
      this.#holdOn();
      // A database that hangs must not gather a queue of flushes.
      if (!this.#writing) this.flush().catch(options.onFlushFailed);
    }, options.flushEveryMilliseconds ?? defaultFlushMilliseconds);
    this.#timer.unref();
  }

  account(person: string): BudgetAccount | Promise<BudgetAccount> {
    return this.#people.find(person);
  }

  key(text: string): string {
    return createHmac('sha256', this.#options.secret).update(text).digest('base64url').slice(0, keyLength);
  }

  /** Writes what has changed since the last flush. Rejects where it cannot; the changes are kept for the next one. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.catch(() => undefined).then(() => this.#write());
    return this.#flushing;
  }

  /** What happened at this gateway is told to the others and written as far as that can be had. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const shared = await Promise.allSettled(this.#people.all().map((account) => account.share()));
    await this.flush();
    const lost = shared.find((one) => one.status === 'rejected');
    if (lost) this.#options.onFlushFailed(lost.reason);
  }

  async #load(person: string): Promise<SharedBudget> {
    const { redis, db, clock, gateway, answerMilliseconds } = this.#options;
    const place = new SharedBudgetPlace(redis, db, person);
    const owner = `${gateway}.${(this.#accounts += 1)}`;
    const account = new SharedBudget({
      person,
      owner,
      place,
      clock,
      ...(answerMilliseconds === undefined ? {} : { answerMilliseconds }),
      onWritten: (changed) => this.#written(changed),
    });
    await account.change((state) => ({ state, result: undefined }));
    this.#people.set(account);
    return account;
  }

  #written(account: SharedBudget): void {
    this.#dirty.add(account);
    if (account.holds) this.#holding.add(account);
  }

  #holdOn(): void {
    for (const account of this.#holding) {
      if (account.holds) account.holdOn();
      else this.#holding.delete(account);
    }
  }

  async #write(): Promise<void> {
    const now = this.#options.clock.now();
    // In one order at all gateways, so that no two wait for each other's rows.
    const changed = [...this.#dirty].sort((one, other) => (one.person < other.person ? -1 : 1));
    this.#dirty.clear();
    const statements = changed.map(({ person, stands: { at, budget } }) => ({
      sql: upsert,
      params: [person, writeBudget(budget), at + rowLastsMilliseconds],
    }));
    const isDue = now - this.#forgotAt >= forgetEveryMilliseconds;
    this.#writing = true;
    try {
      if (statements.length > 0) await this.#options.db.run('sessions', statements);
      if (isDue) await this.#options.db.run('sessions', [{ sql: forgetBudgets, params: [now] }]);
      if (isDue) this.#forgotAt = now;
    } catch (cause) {
      for (const account of changed) this.#dirty.add(account);
      throw cause;
    } finally {
      this.#writing = false;
    }
    this.#people.sweep(now);
  }
}
