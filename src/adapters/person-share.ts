// Keeps one person, or one runaway page, from taking every connection to the EHR. Those over their share wait in a
// queue of bounded length; when it is full the answer is "busy", never a queue without end.

import { Fault } from '../core/faults.ts';

interface Waiting {
  readonly person: string;
  readonly go: () => void;
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

  /** Null when the request may go at once, else a promise of its turn. Throws Fault `upstream-busy` when the queue is full. */
  enter(person: string): Promise<void> | null {
    if (this.#mayRun(person)) {
      this.#start(person);
      return null;
    }
    if (this.#queue.length >= this.#queueMax) throw new Fault('upstream-busy');
    return new Promise((go) => this.#queue.push({ person, go }));
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
    waiting.go();
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
