// What this gateway told and Redis has not confirmed, in order. There is a most: past it everything that waits becomes one word,
// that everything may have changed, so that nothing is lost and nothing grows.

import type { Fields } from './redis-stream-link.ts';

interface Tell {
  readonly fields: Fields;
  readonly told: (confirmed: boolean) => void;
  readonly timer: NodeJS.Timeout | undefined;
  readonly since: number;
}

const mostTells = 10_000;
const mostCharacters = 8_000_000;
/** Sent in one transaction. */
const mostAtOnce = 200;
const answerMilliseconds = 400;

export class RedisTells {
  readonly #everything: Fields;
  #waiting: Tell[] = [];
  #sent: Tell[] = [];
  #characters = 0;

  /** `everything`: the entry that stands for all that could not be kept. */
  constructor(everything: Fields) {
    this.#everything = everything;
  }

  /** How many are not confirmed, and since when of the clock that never jumps; null where there are none. */
  get unconfirmed(): number {
    return this.#waiting.length + this.#sent.length;
  }

  get oldestSince(): number | null {
    return (this.#sent[0] ?? this.#waiting[0])?.since ?? null;
  }

  get wantsSending(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves to whether it was confirmed in time. */
  async add(fields: Fields, now: number): Promise<boolean> {
    if (this.unconfirmed >= mostTells || this.#characters > mostCharacters) this.#merge(now);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), answerMilliseconds);
      this.#waiting.push({ fields, told: resolve, timer, since: now });
      this.#characters += sizeOf(fields);
    });
  }

  /** What is sent now. */
  send(): readonly Fields[] {
    const batch = this.#waiting.splice(0, mostAtOnce);
    this.#sent.push(...batch);
    return batch.map(({ fields }) => fields);
  }

  /** All that was sent is kept by as many copies as are asked for. */
  confirm(): void {
    for (const { told, timer, fields } of this.#sent.splice(0)) {
      clearTimeout(timer);
      this.#characters -= sizeOf(fields);
      told(true);
    }
  }

  /** Nobody knows what became of what was sent: it is sent again, before the rest. */
  unsend(): void {
    this.#waiting = [...this.#sent.splice(0), ...this.#waiting];
  }

  close(): void {
    this.unsend();
    for (const { told, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      told(false);
    }
  }

  #merge(now: number): void {
    const since = this.oldestSince ?? now;
    this.close();
    this.#waiting = [{ fields: this.#everything, told: () => undefined, timer: undefined, since }];
    this.#characters = sizeOf(this.#everything);
  }
}

function sizeOf(fields: Fields): number {
  return fields.reduce((sum, field) => sum + field.length, 0);
}
