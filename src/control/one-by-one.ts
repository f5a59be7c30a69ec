// Does one thing after the other, so that nothing is judged by what another has changed halfway: in this gateway, and among all that
// share its stores.

import type { SharedTurns } from '../shared-ports.ts';
import { amongGateways } from './among-gateways.ts';

export class OneByOne {
  readonly #turns: SharedTurns | undefined;
  readonly #name: string;
  #last: Promise<unknown> = Promise.resolve();

  /** Without `turns` this gateway is alone. */
  constructor(turns?: SharedTurns, name = '') {
    this.#turns = turns;
    this.#name = name;
  }

  /** Begins when all before it is over, whatever became of that. Settles as `work` does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.here(() => amongGateways(this.#turns, this.#name, work));
  }

  /** The same, while other gateways go on: for what only one of them does. */
  here<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
