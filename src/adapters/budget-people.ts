// The people at work whose budgets a book holds in memory: each read once, however many of their requests wait for it, and given up
// an hour after their last one. There is a most.

import { Fault } from '../core/faults.ts';
import type { Clock } from '../ports.ts';

interface Held {
  readonly person: string;
  touchedAt: number;
}

const defaultPeople = 50_000;
/** A person untouched for this long leaves the memory; what they used stands elsewhere and is read when they come back. */
const restingMilliseconds = 3_600_000;
/** People looked at for eviction at a time, so that no sweep holds up a request. */
const sweptAtATime = 1000;

export interface BudgetPeopleOptions<Account> {
  readonly clock: Pick<Clock, 'now'>;
  /** Default 50,000. */
  readonly maximum?: number;
  /** Reads one and keeps it with `set`. */
  readonly load: (person: string, now: number) => Promise<Account>;
  /** Whether nothing of it would be lost. */
  readonly mayGo: (account: Account) => boolean;
}

export class BudgetPeople<Account extends Held> {
  readonly #options: BudgetPeopleOptions<Account>;
  readonly #people = new Map<string, Account>();
  readonly #loading = new Map<string, Promise<Account>>();
  #sweep: Iterator<Account> = [].values();

  constructor(options: BudgetPeopleOptions<Account>) {
    this.#options = options;
  }

  /** How many there may be. */
  static readonly usual = defaultPeople;

  /** At once where the person is in memory. Rejects as `load` does, and with Fault `session-store-unavailable` where there is no room. */
  find(person: string): Account | Promise<Account> {
    const known = this.#people.get(person);
    if (known !== undefined) {
      known.touchedAt = this.#options.clock.now();
      return known;
    }
    const underWay = this.#loading.get(person);
    if (underWay !== undefined) return underWay;
    const load = this.#load(person).finally(() => this.#loading.delete(person));
    this.#loading.set(person, load);
    return load;
  }

  has(person: string): boolean {
    return this.#people.has(person);
  }

  set(account: Account): void {
    this.#people.set(account.person, account);
  }

  all(): readonly Account[] {
    return [...this.#people.values()];
  }

  /** Lets go of some that rest. */
  sweep(now: number): void {
    for (let i = 0; i < sweptAtATime; i += 1) {
      const next = this.#sweep.next();
      if (next.done === true) {
        this.#sweep = this.#people.values();
        return;
      }
      this.#evict(next.value, now);
    }
  }

  async #load(person: string): Promise<Account> {
    const now = this.#options.clock.now();
    this.#makeRoom(now);
    return this.#options.load(person, now);
  }

  #makeRoom(now: number): void {
    const maximum = this.#options.maximum ?? defaultPeople;
    const isFull = (): boolean => this.#people.size + this.#loading.size >= maximum;
    if (!isFull()) return;
    for (const account of this.#people.values()) this.#evict(account, now);
    if (isFull())
      throw new Fault('session-store-unavailable', { detail: `${maximum} people are at work at once, which is the limit` });
  }

  #evict(account: Account, now: number): void {
    if (now - account.touchedAt >= restingMilliseconds && this.#options.mayGo(account)) this.#people.delete(account.person);
  }
}
