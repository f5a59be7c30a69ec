// The ids that sessions went by a moment ago. A step-up gives a session a new id; a form of another tab that left with the old
// one would otherwise be a stranger's, and lost.

import { forgetOldest } from '../core/forget-oldest.ts';
import type { FactorEvidence } from '../core/session/session.ts';
import type { Clock } from '../ports.ts';
import type { FormerIds } from '../step-up-ports.ts';

/** Longer than any request is on its way to us, and short enough to be of no use to whoever took the old id. */
const rememberMilliseconds = 10_000;
const most = 10_000;

export class MemoryFormerIds implements FormerIds {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #former = new Map<string, { readonly key: string; readonly factor: FactorEvidence; readonly at: number }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  keep(former: string, next: string, factor: FactorEvidence): void {
    this.#former.set(former, { key: next, factor, at: this.#clock.now() });
    forgetOldest(this.#former, most);
  }

  find(former: string): { readonly key: string; readonly factor: FactorEvidence } | null {
    const found = this.#former.get(former);
    if (found === undefined) return null;
    const age = this.#clock.now() - found.at;
    if (age >= 0 && age < rememberMilliseconds) return { key: found.key, factor: found.factor };
    this.#former.delete(former);
    return null;
  }
}
