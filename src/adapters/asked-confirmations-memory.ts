// Remembers which rule asked which session to confirm, so that the record of the confirmation names it on our word and not on
// the browser's.

import { forgetOldest } from '../core/forget-oldest.ts';
import type { Clock } from '../ports.ts';
import type { AskedConfirmations } from '../step-up-ports.ts';

/** As long as somebody may take to find their phone, milliseconds. */
const rememberMilliseconds = 15 * 60_000;
const most = 10_000;

export class MemoryAskedConfirmations implements AskedConfirmations {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #asked = new Map<string, { readonly rule: string; readonly at: number }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  note(reference: string, rule: string): void {
    this.#asked.delete(reference);
    this.#asked.set(reference, { rule, at: this.#clock.now() });
    forgetOldest(this.#asked, most);
  }

  of(reference: string): string | null {
    const asked = this.#asked.get(reference);
    return asked !== undefined && this.#clock.now() - asked.at < rememberMilliseconds ? asked.rule : null;
  }
}
