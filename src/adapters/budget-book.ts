// The download budgets of everybody at work at this one gateway: in memory for the hot path, written to the state database once a second, all
// changes in one transaction. Not a fixed-window rate limiter, because distinct patients slide and bytes are reserved.
// A crash loses the last second; a person whose row cannot be read is refused, never given a fresh budget.

import { createHash } from 'node:crypto';
import type { BudgetAccount, BudgetBook, BudgetStep } from '../budget-ports.ts';
import { emptyBudget } from '../core/downloads/budget-state.ts';
import type { BudgetState } from '../core/downloads/budget-state.ts';
import { fullBucket } from '../core/downloads/pace.ts';
import { Fault } from '../core/faults.ts';
import type { Clock } from '../ports.ts';
import { readBudget, writeBudget } from './budget-row.ts';
import { BudgetPeople } from './budget-people.ts';
import { forgetBudgets, rowLastsMilliseconds, selectBudget } from './budget-tables.ts';

/** What the book needs of the state database. */
export interface BudgetDb {
  run(
    database: 'sessions',
    statements: readonly { readonly sql: string; readonly params: readonly (string | number)[] }[],
  ): Promise<readonly { readonly rows: readonly Readonly<Record<string, unknown>>[] }[]>;
}

export interface BudgetBookOptions {
  readonly db: BudgetDb;
  readonly clock: Pick<Clock, 'now'>;
  /** Called when a second's changes could not be written; they are kept and tried again a second later. */
  readonly onFlushFailed: (cause: unknown) => void;
  /** People kept in memory at most; default 50,000. */
  readonly maximumPeople?: number;
  /** Default one second. */
  readonly flushEveryMilliseconds?: number;
}

const defaultFlushMilliseconds = 1000;
const plainKeyLength = 80;

const selectLive = 'SELECT person, state FROM download_budgets WHERE forget_at > ? ORDER BY forget_at DESC LIMIT ?';
const upsert = `INSERT INTO download_budgets (person, state, forget_at) VALUES (?, ?, ?)
  ON CONFLICT (person) DO UPDATE SET state = excluded.state, forget_at = excluded.forget_at`;

export class MemoryBudgetBook implements BudgetBook {
  readonly #options: BudgetBookOptions;
  readonly #people: BudgetPeople<Account>;
  readonly #dirty = new Set<Account>();
  readonly #timer: NodeJS.Timeout;
  #flushing: Promise<void> = Promise.resolve();
  #writing = false;

  private constructor(options: BudgetBookOptions) {
    this.#options = options;
    this.#people = new BudgetPeople({
      clock: options.clock,
      ...(options.maximumPeople === undefined ? {} : { maximum: options.maximumPeople }),
      load: async (person, now) => this.#load(person, now),
      // Only what is written and has no reply under way; a reply still pacing touches its account.
      mayGo: (account) => !this.#dirty.has(account) && account.state.reservedBytes <= 0,
    });
    this.#timer = setInterval(() => {
      // A disk that hangs must not gather a queue of flushes.
      if (!this.#writing) this.flush().catch(options.onFlushFailed);
    }, options.flushEveryMilliseconds ?? defaultFlushMilliseconds);
    this.#timer.unref();
  }

  /** Restores what is still within its windows. */
  static async open(options: BudgetBookOptions): Promise<MemoryBudgetBook> {
    const now = options.clock.now();
    // Half the room at most: the others are read when they come, and newcomers find a place.
    const limit = Math.floor((options.maximumPeople ?? BudgetPeople.usual) / 2);
    const results = await options.db.run('sessions', [
      { sql: forgetBudgets, params: [now] },
      { sql: selectLive, params: [now, limit] },
    ]);
    const book = new MemoryBudgetBook(options);
    for (const row of results[1]?.rows ?? []) book.#restore(row, now);
    return book;
  }

  account(person: string): BudgetAccount | Promise<BudgetAccount> {
    return this.#people.find(person);
  }

  /** A short text is its own key; a longer one its SHA-256, so that no address, however long, fills the memory. */
  key(text: string): string {
    return text.length <= plainKeyLength ? text : `#${createHash('sha256').update(text).digest('base64url')}`;
  }

  /** Writes what has changed since the last flush. Rejects where it cannot; the changes are kept for the next one. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.catch(() => undefined).then(() => this.#write());
    return this.#flushing;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  async #load(person: string, now: number): Promise<Account> {
    try {
      const [result] = await this.#options.db.run('sessions', [{ sql: selectBudget, params: [person, now] }]);
      const row = result?.rows[0];
      return this.#keep(person, row === undefined ? emptyBudget : readBudget(String(row['state'])), now);
    } catch (cause) {
      throw new Fault('session-store-unavailable', { detail: 'The download budget cannot be read', cause });
    }
  }

  #restore(row: Readonly<Record<string, unknown>>, now: number): void {
    try {
      this.#keep(String(row['person']), readBudget(String(row['state'])), now);
    } catch (cause) {
      // The person is refused when they come, until the row has passed; everybody else can start.
      this.#options.onFlushFailed(cause);
    }
  }

  #keep(person: string, state: BudgetState, now: number): Account {
    const account = new Account(person, state, now, (changed) => {
      changed.touchedAt = this.#options.clock.now();
      // A reply that was silent for an hour may outlive its account's place in memory.
      if (!this.#people.has(person)) this.#people.set(changed);
      this.#dirty.add(changed);
    });
    this.#people.set(account);
    return account;
  }

  async #write(): Promise<void> {
    const now = this.#options.clock.now();
    const changed = [...this.#dirty];
    this.#dirty.clear();
    const statements = changed.map(({ person, state }) => ({
      sql: upsert,
      params: [person, writeBudget(state), now + rowLastsMilliseconds],
    }));
    this.#writing = true;
    try {
      if (statements.length > 0) await this.#options.db.run('sessions', [...statements, { sql: forgetBudgets, params: [now] }]);
    } catch (cause) {
      for (const account of changed) this.#dirty.add(account);
      throw cause;
    } finally {
      this.#writing = false;
    }
    this.#people.sweep(now);
  }
}

class Account implements BudgetAccount {
  readonly person: string;
  state: BudgetState;
  pace = fullBucket;
  slowLane = fullBucket;
  touchedAt: number;
  readonly #changed: (account: Account) => void;

  constructor(person: string, state: BudgetState, now: number, changed: (account: Account) => void) {
    this.person = person;
    this.state = state;
    this.touchedAt = now;
    this.#changed = changed;
  }

  change<T>(step: BudgetStep<T>): T {
    return this.changeNow(step);
  }

  changeNow<T>(step: BudgetStep<T>): T {
    const { state, result } = step(this.state);
    if (state === this.state) return result;
    this.state = state;
    this.#changed(this);
    return result;
  }
}
