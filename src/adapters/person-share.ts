// Keeps one person, or one runaway page, from taking every connection to the EHR. Those over their share wait in a
// queue of bounded length; when it is full the answer is "busy", never a queue without end.

import { Fault } from '../core/faults.ts';

interface Waiting {
  readonly person: string;
  readonly go: (mayRun: boolean) => void;
}

/** A place in the queue. */
export interface Turn {
  /** Resolves with true when it is the request's turn, with false after `abandon`. */
  readonly come: Promise<boolean>;
  /** Gives the place up; does nothing once the turn has come. */
  readonly abandon: () => void;
}

export class PersonShare {
  readonly #perPerson: number;
  readonly #inAll: number;
  readonly #queueMax: number;
  readonly #running = new Map<string, number>();
  #total = 0;
  readonly #queue: Waiting[] = [];

  constructor(perPerson: number, inAll: number, queueMax: number) {
    this.#perPerson = perPerson;
    this.#inAll = inAll;
    this.#queueMax = queueMax;
  }

  /**
   * Null when the request may go at once, else its place in the queue. Throws Fault `upstream-busy` when the queue is full,
   * or half full of this person's own requests: nobody may leave no room for others.
   */
  enter(person: string): Turn | null {
    if (this.#mayRun(person)) {
      this.#start(person);
      return null;
    }
    if (this.#queue.length >= this.#queueMax) throw new Fault('upstream-busy');
    if (this.#waitingOf(person) >= Math.ceil(this.#queueMax / 2)) throw new Fault('upstream-busy');
    return this.#wait(person);
  }

  #wait(person: string): Turn {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiting = { person, go: resolve };
    this.#queue.push(waiting);
    const abandon = (): void => {
      const at = this.#queue.indexOf(waiting);
      if (at < 0) return;
      this.#queue.splice(at, 1);
      resolve(false);
    };
    return { come: promise, abandon };
  }

  #waitingOf(person: string): number {
    return this.#queue.reduce((count, waiting) => count + (waiting.person === person ? 1 : 0), 0);
  }

  leave(person: string): void {
    const left = (this.#running.get(person) ?? 1) - 1;
    if (left === 0) this.#running.delete(person);
    else this.#running.set(person, left);
    this.#total -= 1;
    const next = this.#queue.findIndex((waiting) => this.#mayRun(waiting.person));
    const [waiting] = next < 0 ? [] : this.#queue.splice(next, 1);
    if (!waiting) return;
    this.#start(waiting.person);
    waiting.go(true);
  }

  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#total, waiting: this.#queue.length };
  }

  #mayRun(person: string): boolean {
    return this.#total < this.#inAll && (this.#running.get(person) ?? 0) < this.#perPerson;
  }

  #start(person: string): void {
    this.#total += 1;
    this.#running.set(person, (this.#running.get(person) ?? 0) + 1);
  }
}
