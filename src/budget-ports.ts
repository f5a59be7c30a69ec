// Where a person's download budget is kept, as the stages and our own pages see it. Several gateways may count for one person, so
// that a budget is never read and then written: it is changed by a step over what stands.

import type { BudgetState } from './core/downloads/budget-state.ts';
import type { Bucket } from './core/downloads/pace.ts';
import type { Soon } from './session-ports.ts';

/** Judges what stands and says what shall stand; the same state where nothing changes. Pure: it may be taken more than once. */
export type BudgetStep<T> = (state: BudgetState) => { readonly state: BudgetState; readonly result: T };

/** One person's download account over all their sessions, in memory while they work. */
export interface BudgetAccount {
  /** What is known here; another gateway may have changed it a moment ago, so nobody is refused by it. */
  readonly state: BudgetState;
  /**
   * Takes a step over what stands on all gateways, and nothing comes in between: files, patients, promises of bytes, the day's
   * extension. At once with one gateway. Rejects with Fault `session-store-unavailable`, and then nothing may be let through.
   */
  change<T>(step: BudgetStep<T>): Soon<T>;
  /**
   * Takes a step over what is known here, at once, and adds what it changed to what stands right after. Only for what has happened
   * whatever others say: bytes that are under way, the time of a patient who is counted already, a reply that is over.
   */
  changeNow<T>(step: BudgetStep<T>): T;
  /** The person's bandwidth, shared by their streams of this gateway, and the slow lane of `then: slow`. Never stored. */
  pace: Bucket;
  slowLane: Bucket;
}

export interface BudgetBook {
  /** At once where the person is in memory. Rejects with Fault `session-store-unavailable`. */
  account(person: string): Soon<BudgetAccount>;
  /** A short, stable key for a target or a patient of any length. */
  key(text: string): string;
}
