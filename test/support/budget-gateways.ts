// Gateways that share budgets, in one process: a book each, over one Redis and one database, and what a person does at them.

import { DatabaseSync } from 'node:sqlite';
import type { BudgetDb } from '../../src/adapters/budget-book.ts';
import { RedisBudgetBook } from '../../src/adapters/budget-book-redis.ts';
import { downloadBudgets } from '../../src/adapters/budget-tables.ts';
import type { BudgetRedis } from '../../src/adapters/shared-budget-place.ts';
import type { BudgetAccount } from '../../src/budget-ports.ts';
import { admitFile } from '../../src/core/downloads/admit-file.ts';
import { admitPatient } from '../../src/core/downloads/admit-patient.ts';
import { closeCharge, takeBytes } from '../../src/core/downloads/take-bytes.ts';
import type { Charge } from '../../src/core/downloads/take-bytes.ts';
import type { Budget } from '../../src/core/policy/policy.ts';
import { noon } from './download-fakes.ts';

export const today = '2024-10-04';

/** The state database without its worker: the same statements against a real SQLite in memory. */
export class BudgetTestDb implements BudgetDb {
  readonly database = new DatabaseSync(':memory:');
  runs = 0;
  failure: Error | null = null;

  constructor() {
    this.database.exec(downloadBudgets);
  }

  async run(_name: 'sessions', statements: Parameters<BudgetDb['run']>[1]) {
    await Promise.resolve();
    this.runs += 1;
    if (this.failure !== null) throw this.failure;
    return statements.map(({ sql, params }) => ({ rows: this.database.prepare(sql).all(...params) }));
  }

  set(person: string, state: string, forgetAt: number): void {
    this.database.prepare('INSERT INTO download_budgets VALUES (?, ?, ?)').run(person, state, forgetAt);
  }

  people(): unknown[] {
    return this.database.prepare('SELECT person FROM download_budgets ORDER BY person').all().map((row) => row['person']); // prettier-ignore
  }
}

export class BudgetGateways {
  readonly redis: BudgetRedis;
  readonly db: BudgetDb;
  readonly failures: unknown[] = [];
  time = noon;
  /** Null: as in production. */
  answerMilliseconds: number | null = null;
  readonly clock = { now: (): number => this.time, monotonic: (): number => performance.now() };
  readonly #books: RedisBudgetBook[] = [];

  constructor(redis: BudgetRedis, db: BudgetDb) {
    this.redis = redis;
    this.db = db;
  }

  /** Another gateway, or one of those that was started anew. It writes rows when it is told to. */
  book(some: Partial<ConstructorParameters<typeof RedisBudgetBook>[0]> = {}): RedisBudgetBook {
    const book = new RedisBudgetBook({
      db: this.db,
      redis: this.redis,
      clock: this.clock,
      gateway: `gateway-${this.#books.length}`,
      secret: 'a secret',
      onFlushFailed: (cause) => this.failures.push(cause),
      flushEveryMilliseconds: 3_600_000,
      ...(this.answerMilliseconds === null ? {} : { answerMilliseconds: this.answerMilliseconds }),
      ...some,
    });
    this.#books.push(book);
    return book;
  }

  async close(): Promise<void> {
    for (const book of this.#books) await book.close().catch(() => undefined);
  }
}

/** What stands for all, as this gateway is told. */
export async function standing(account: BudgetAccount) {
  return account.change((state) => ({ state, result: state }));
}

export async function takeFile(account: BudgetAccount, budget: Budget, target: string, bytes: number | null = null, now = noon) {
  const file = { target, bytes, singlePatient: bytes !== null };
  return account.change((seen) => {
    const { state, verdict, charge } = admitFile(seen, budget, file, now, today);
    return { state, result: { admit: verdict.admit, charge } };
  });
}

export async function openPatient(account: BudgetAccount, budget: Budget, patient: string, now = noon): Promise<boolean> {
  return account.change((seen) => {
    const { state, verdict } = admitPatient(seen, budget, patient, now, today);
    return { state, result: verdict.admit };
  });
}

/** A reply of this account that sends bytes as the meter does. */
export class SentReply {
  readonly account: BudgetAccount;
  readonly budget: Budget;
  charge: Charge;
  sent = 0;

  constructor(account: BudgetAccount, budget: Budget, charge: Charge) {
    this.account = account;
    this.budget = budget;
    this.charge = charge;
  }

  send(bytes: number): 'within' | 'slow' | 'cut' {
    const taken = this.account.changeNow((state) => {
      const result = takeBytes(state, this.budget, this.charge, bytes, today);
      return { state: result.state, result };
    });
    if (taken.pass !== 'cut') {
      this.charge = taken.charge;
      this.sent += bytes;
    }
    return taken.pass;
  }

  end(): void {
    this.account.changeNow((state) => ({ state: closeCharge(state, this.charge, this.sent), result: undefined }));
  }
}
