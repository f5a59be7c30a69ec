// What one gateway knows of a budget that stands for all, what it has promised itself, and how it changes what stands: over the
// version that it saw last, and again over what stands then where somebody came in between. Waits for nobody but Redis.

import { addDifference, addUp, noDifference } from '../core/downloads/budget-difference.ts';
import type { BudgetDifference } from '../core/downloads/budget-difference.ts';
import { holdAfter, movedHold, noHold, settledHold, withHolds } from '../core/downloads/budget-holds.ts';
import type { Hold } from '../core/downloads/budget-holds.ts';
import type { BudgetState } from '../core/downloads/budget-state.ts';
import type { Clock } from '../ports.ts';
import type { SharedBudgetPlace, Standing } from './shared-budget-place.ts';
import { joined, neverUsed } from './shared-budget-value.ts';
import type { GatewayHold, SharedBudgetValue } from './shared-budget-value.ts';

export interface SharedBudgetCopyOptions {
  /** Of this copy alone, in all gateways. */
  readonly owner: string;
  readonly place: SharedBudgetPlace;
  readonly clock: Clock;
}

type Take = (state: BudgetState) => BudgetState;

/** Redis knows a budget that is new here: then the row is only asked whether Redis was set back. */
const rowMilliseconds = 150;
const mostTries = 100;
/** Promises are said again once a half of this is over. */
const holdMilliseconds = 120_000;

interface Attempt {
  readonly from: Hold;
  readonly to: Hold;
  /** Null where nothing changes. */
  readonly next: { readonly version: string; readonly value: SharedBudgetValue } | null;
}

export class SharedBudgetCopy {
  /** What this gateway has promised to replies under way. */
  own = noHold;
  readonly #options: SharedBudgetCopyOptions;
  /** What stood for all when it was seen last, and under which version; null: not known. */
  #shared = neverUsed;
  #version: string | null = null;
  /** `#shared` is more than what stands: Redis was set back, or has nothing. */
  #ahead = false;
  #writes = 0;
  /** What happened here: on its way, and sent without an answer under that version. */
  #sending = noDifference;
  #unsure: { readonly version: string; readonly difference: BudgetDifference } | null = null;

  constructor(options: SharedBudgetCopyOptions) {
    this.#options = options;
  }

  /** As a row keeps it. */
  get stands(): Pick<SharedBudgetValue, 'at' | 'budget'> {
    return this.#shared;
  }

  /** What happened here and what is promised here stands for all. */
  get isShared(): boolean {
    const { bytes, overdrawn } = this.#onRecord ?? noHold;
    const isTold = bytes === this.own.bytes && overdrawn === this.own.overdrawn;
    return isTold && this.#sending === noDifference && this.#unsure === null;
  }

  /** So much is promised on record, and for long enough. */
  isHeld({ bytes, overdrawn }: Hold): boolean {
    const written = this.#onRecord ?? { ...noHold, until: 0 };
    if (written.bytes !== bytes || written.overdrawn !== overdrawn) return false;
    const isNone = bytes === 0 && !overdrawn;
    return isNone || written.until - this.#options.clock.now() >= holdMilliseconds / 2;
  }

  /** The budget as it is seen here, with what happened on top. */
  seen(happened: BudgetDifference): BudgetState {
    const all = addUp(addUp(this.#unsure?.difference ?? noDifference, this.#sending), happened);
    return this.seenAs(addDifference(this.#shared.budget, all));
  }

  /** The same budget with what is promised to everybody. */
  seenAs(budget: BudgetState): BudgetState {
    return withHolds(budget, this.#others(this.#options.clock.now()), this.own);
  }

  /** Goes with the next change. */
  send(happened: BudgetDifference): void {
    this.#sending = addUp(this.#sending, happened);
  }

  /** Takes the steps over what stands. True where that changed something; rejects where it may not have counted. */
  async commit(steps: readonly Take[], until: number): Promise<boolean> {
    const { place, clock } = this.#options;
    if (this.#version === null || this.#unsure !== null) {
      await this.#adopt(await place.look(until - clock.monotonic()), until);
    }
    for (let tries = 0; tries < mostTries; tries += 1) {
      const attempt = this.#attempt(steps);
      const answer = await this.#replace(attempt, until - clock.monotonic());
      if (answer === 1) {
        this.#keep(attempt);
        return attempt.next !== null;
      }
      await this.#adopt(answer, until);
    }
    throw new Error(`Others changed the budget ${mostTries} times in between`);
  }

  async #replace({ next }: Attempt, within: number): Promise<1 | Standing> {
    try {
      return await this.#options.place.replace(this.#version ?? '', next, within);
    } catch (cause) {
      if (next !== null) {
        // It may have counted: that is looked up before it is sent again.
        this.#unsure = { version: next.version, difference: this.#sending };
        this.#sending = noDifference;
      }
      throw cause;
    }
  }

  #attempt(steps: readonly Take[]): Attempt {
    const { owner, clock } = this.#options;
    const now = clock.now();
    const others = this.#others(now);
    const from = this.own;
    const before = withHolds(addDifference(this.#shared.budget, this.#sending), others, from);
    let to = from;
    let state = before;
    for (const take of steps) {
      const next = take(state);
      if (next === state) continue;
      to = holdAfter(to, state, next);
      state = withHolds(next, others, to);
    }
    const isNew = state !== before || this.#ahead || this.#sending !== noDifference || !this.isHeld(to);
    if (!isNew) return { from, to, next: null };
    const at = Math.max(this.#shared.at + 1, now);
    const version = `${at} ${owner} ${(this.#writes += 1)}`;
    const { lineage } = this.#shared;
    const holds = new Map([...this.#shared.holds].filter(([one, { until }]) => one !== owner && until > now));
    holds.set(owner, { ...to, until: now + holdMilliseconds, last: version });
    return { from, to, next: { version, value: { at, lineage: lineage === '' ? version : lineage, budget: state, holds } } };
  }

  #keep({ from, to, next }: Attempt): void {
    if (next !== null) {
      this.#shared = next.value;
      this.#version = next.version;
      this.#ahead = false;
      this.#sending = noDifference;
    }
    // Replies may have ended while the answer was on its way.
    this.own = movedHold(this.own, from, to);
  }

  async #adopt({ version, value }: Standing, until: number): Promise<void> {
    const { clock } = this.#options;
    const isFirst = this.#version === null;
    this.#version = null;
    const row = value === null || isFirst ? await this.#row(value, until - clock.monotonic()) : null;
    this.#resolve(version, value);
    this.#shared = joined(this.#shared, value, row);
    this.#version = version;
    // Also where nobody used anything yet: that nothing stands is never what a step was judged over, or it would not be noticed
    // that Redis lost what others have used since.
    this.#ahead = this.#shared !== value;
    this.own = settledHold(this.own, this.#onRecord, this.#others(clock.now()));
  }

  /** Where Redis has nothing the row must be had; where it has, a database that is gone does not matter. */
  async #row(value: SharedBudgetValue | null, within: number): Promise<SharedBudgetValue | null> {
    const { place, clock } = this.#options;
    if (value === null) return place.row(clock.now(), within);
    return place.row(clock.now(), Math.min(within, rowMilliseconds)).catch(() => null);
  }

  /** Whether the write without an answer counted. */
  #resolve(version: string, value: SharedBudgetValue | null): void {
    const unsure = this.#unsure;
    if (unsure === null) return;
    this.#unsure = null;
    const counted = version === unsure.version || value?.holds.get(this.#options.owner)?.last === unsure.version;
    if (!counted) this.#sending = addUp(unsure.difference, this.#sending);
  }

  #others(now: number): readonly GatewayHold[] {
    return [...this.#shared.holds]
      .filter(([one, { until }]) => one !== this.#options.owner && until > now)
      .map(([, hold]) => hold);
  }

  get #onRecord(): GatewayHold | undefined {
    return this.#shared.holds.get(this.#options.owner);
  }
}
