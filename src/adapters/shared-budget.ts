// One person's budget as one of several gateways keeps it. What stands for all is changed by steps over the version that was seen
// last; where somebody came in between, the steps are taken again over what stands then. Steps that wait go together, so that a
// person costs one question at a time. What has happened already (bytes, times) counts here at once, and there right after.
// Never decides a "no" by what is known here alone.

import type { BudgetAccount, BudgetStep } from '../budget-ports.ts';
import { addUp, differenceOf, noDifference } from '../core/downloads/budget-difference.ts';
import { holdAfter } from '../core/downloads/budget-holds.ts';
import { emptyBudget } from '../core/downloads/budget-state.ts';
import type { BudgetState } from '../core/downloads/budget-state.ts';
import { fullBucket } from '../core/downloads/pace.ts';
import { Fault } from '../core/faults.ts';
import { SharedBudgetCopy } from './shared-budget-copy.ts';
import type { SharedBudgetCopyOptions } from './shared-budget-copy.ts';
import type { SharedBudgetValue } from './shared-budget-value.ts';

export interface SharedBudgetOptions extends SharedBudgetCopyOptions {
  readonly person: string;
  /** A step waits no longer than this, in all; default 400. */
  readonly answerMilliseconds?: number;
  /** Called when what stands for all was changed here. */
  readonly onWritten: (account: SharedBudget) => void;
}

const defaultAnswerMilliseconds = 400;
const mostWaiting = 1000;
/** What has happened is gathered for so long, or until it is this much. */
const shareAfterMilliseconds = 20;
const shareAtBytes = 1024 * 1024;
const shareAgainMilliseconds = 250;

interface Waiting {
  readonly since: number;
  /** Takes the step; again where it has to be taken again. */
  readonly take: (state: BudgetState) => BudgetState;
  readonly done: () => void;
  readonly fail: (cause: Error) => void;
}

export class SharedBudget implements BudgetAccount {
  readonly person: string;
  state: BudgetState = emptyBudget;
  pace = fullBucket;
  slowLane = fullBucket;
  touchedAt: number;
  readonly #options: SharedBudgetOptions;
  readonly #copy: SharedBudgetCopy;
  /** What happened here and is not on its way yet. */
  #difference = noDifference;
  #waiting: Waiting[] = [];
  #working = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: SharedBudgetOptions) {
    this.#options = options;
    this.#copy = new SharedBudgetCopy(options);
    this.person = options.person;
    this.touchedAt = options.clock.now();
  }

  async change<T>(step: BudgetStep<T>): Promise<T> {
    if (this.#waiting.length >= mostWaiting) throw unavailable(`${mostWaiting} steps wait for one budget`, undefined);
    return new Promise((resolve, reject) => {
      let taken: { readonly result: T } | null = null;
      const take = (state: BudgetState): BudgetState => {
        const made = step(state);
        taken = made;
        return made.state;
      };
      const done = (): void => (taken === null ? undefined : resolve(taken.result));
      this.#waiting.push({ since: this.#options.clock.monotonic(), take, done, fail: reject });
      void this.#work();
    });
  }

  changeNow<T>(step: BudgetStep<T>): T {
    const before = this.state;
    const { state, result } = step(before);
    if (state === before) return result;
    this.touchedAt = this.#options.clock.now();
    this.#difference = addUp(this.#difference, differenceOf(before, state));
    this.#copy.own = holdAfter(this.#copy.own, before, state);
    this.state = this.#copy.seenAs(state);
    this.#share(this.#difference.bytes >= shareAtBytes ? 0 : shareAfterMilliseconds);
    return result;
  }

  /** What stands for all, as a row keeps it. */
  get stands(): Pick<SharedBudgetValue, 'at' | 'budget'> {
    return this.#copy.stands;
  }

  /** A reply under way has been promised something. */
  get holds(): boolean {
    const { bytes, overdrawn } = this.#copy.own;
    return bytes > 0 || overdrawn;
  }

  /** Nothing of it would be lost with it. */
  get atRest(): boolean {
    return this.#isShared && !this.holds && !this.#working && this.#timer === null;
  }

  /** Says again what is promised, where that was some time ago. */
  holdOn(): void {
    if (!this.#copy.isHeld(this.#copy.own)) this.#share(0);
  }

  /** Resolves once everything that happened here stands for all. */
  async share(): Promise<void> {
    if (!this.atRest) await this.change((state) => ({ state, result: undefined }));
  }

  #share(afterMilliseconds: number): void {
    if (afterMilliseconds === 0) void this.#work();
    else this.#timer ??= setTimeout(() => void this.#work(), afterMilliseconds).unref();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    let isDone = true;
    do isDone = await this.#round();
    while (this.#waiting.length > 0);
    this.#working = false;
    if (!this.#isShared) this.#share(isDone ? shareAfterMilliseconds : shareAgainMilliseconds);
  }

  async #round(): Promise<boolean> {
    const steps = this.#waiting.splice(0);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#copy.send(this.#difference);
    this.#difference = noDifference;
    const { clock, answerMilliseconds = defaultAnswerMilliseconds, onWritten } = this.#options;
    const takes = steps.map(({ take }) => take);
    try {
      const isWritten = await this.#copy.commit(takes, (steps[0]?.since ?? clock.monotonic()) + answerMilliseconds);
      this.state = this.#copy.seen(this.#difference);
      if (isWritten) onWritten(this);
      for (const one of steps) one.done();
      return true;
    } catch (cause) {
      this.state = this.#copy.seen(this.#difference);
      const fault = unavailable('The download budget cannot be reached', cause);
      // Whoever came meanwhile would wait for the same; behind what nobody waited for they may still try.
      const meanwhile = steps.length > 0 ? this.#waiting.splice(0) : [];
      for (const one of [...steps, ...meanwhile]) one.fail(fault);
      return false;
    }
  }

  get #isShared(): boolean {
    return this.#difference === noDifference && this.#copy.isShared;
  }
}

function unavailable(detail: string, cause: unknown): Fault {
  return new Fault('session-store-unavailable', { detail, cause });
}
