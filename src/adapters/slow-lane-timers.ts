// Lets a request of somebody who is slowed wait before it goes on, within bounds: a wait costs a timer and no thread.

import { personKey } from '../core/downloads/person-key.ts';
import type { SlowLane } from '../restriction-ports.ts';

/** Requests of one person that wait at once; an EHR's page asks for some dozens of parts. */
const mostWaiting = 100;

export class TimedSlowLane implements SlowLane {
  readonly #milliseconds: number;
  readonly #waiting = new Map<string, number>();

  constructor(seconds: number) {
    this.#milliseconds = seconds * 1000;
  }

  async wait(person: { readonly issuer: string; readonly sub: string }, onGone: (callback: () => void) => void) {
    const key = personKey(person);
    const waiting = this.#waiting.get(key) ?? 0;
    if (waiting >= mostWaiting) return false;
    this.#waiting.set(key, waiting + 1);
    try {
      return await this.#pass(onGone);
    } finally {
      const left = (this.#waiting.get(key) ?? 1) - 1;
      if (left === 0) this.#waiting.delete(key);
      else this.#waiting.set(key, left);
    }
  }

  #pass(onGone: (callback: () => void) => void): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), this.#milliseconds);
      onGone(() => {
        clearTimeout(timer);
        resolve(false);
      });
    });
  }
}
