// Questions about openings of charts that wait for the thread of the detectors, which alone holds schedule and roster in memory.

import type { Explanation } from '../core/relations/explanation.ts';
import type { AskedOpening } from '../relation-ports.ts';

/** What is asked of the thread, and what comes back under the same number. */
export interface WatchQuestion {
  readonly number: number;
  readonly openings: readonly AskedOpening[];
}

export interface WatchAnswer {
  readonly number: number;
  readonly explanations: readonly (Explanation | null)[];
}

/** A page shows openings without their explanation rather than late. */
const answerMilliseconds = 2000;
/** Pages that wait at once; one more is shown without. */
const mostWaiting = 50;

export class ExplanationDesk {
  readonly #waiting = new Map<number, (answer: WatchAnswer['explanations']) => void>();
  #asked = 0;

  /** Never rejects. `post` brings the question to the thread. */
  async ask(openings: readonly AskedOpening[], post: (question: WatchQuestion) => void): Promise<WatchAnswer['explanations']> {
    const nothing = openings.map(() => null);
    if (openings.length === 0 || this.#waiting.size >= mostWaiting) return nothing;
    this.#asked += 1;
    const number = this.#asked;
    return new Promise((resolve) => {
      const done = (answer: WatchAnswer['explanations']): void => {
        clearTimeout(timer);
        this.#waiting.delete(number);
        resolve(answer);
      };
      const timer = setTimeout(() => done(nothing), answerMilliseconds).unref();
      this.#waiting.set(number, done);
      post({ number, openings });
    });
  }

  answer({ number, explanations }: WatchAnswer): void {
    this.#waiting.get(number)?.(explanations);
  }
}
