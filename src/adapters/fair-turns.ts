// Shares the one thread that serves requests fairly among those who ask: in each turn of the event loop requests begin
// for a bounded time, and those that must wait begin in rotation, one for each person or address. Somebody who floods the
// gateway then waits for themselves. It refuses nobody; the edge already bounds connections, and each has one request
// under way (RFC 9112 section 9.3.2).

import { forgetOldest } from '../core/forget-oldest.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { Clock, Subject, Turns } from '../ports.ts';

/** How long requests may begin in one turn of the loop, milliseconds, before the others wait for the next. */
const startMilliseconds = 1;
/** Sessions whose person is remembered. One that was forgotten shares with its address until it is loaded again. */
const knownSessions = 50_000;

export class FairTurns implements Turns {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #people = new Map<string, string>();
  #startedAt: number | null = null;
  #draining = false;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  of(sessionKey: string | null, address: string): string {
    return (sessionKey === null ? undefined : this.#people.get(sessionKey)) ?? `address ${address}`;
  }

  belongs(sessionKey: string, person: Pick<Subject, 'issuer' | 'sub'>): void {
    if (this.#people.has(sessionKey)) return;
    this.#people.set(sessionKey, personKey(person));
    forgetOldest(this.#people, knownSessions);
  }

  forget(sessionKey: string): void {
    this.#people.delete(sessionKey);
  }

  take(share: string): Promise<void> | undefined {
    if (this.#waiting.size === 0 && this.#hasTime()) return undefined;
    return new Promise((resolve) => {
      const queue = this.#waiting.get(share);
      if (queue) queue.push(resolve);
      else this.#waiting.set(share, [resolve]);
      this.#drainSoon();
    });
  }

  /** The first look in a turn of the loop starts its clock. */
  #hasTime(): boolean {
    const now = this.#clock.monotonic();
    if (this.#startedAt !== null) return now - this.#startedAt < startMilliseconds;
    this.#startedAt = now;
    this.#drainSoon();
    return true;
  }

  #nextTurn(): void {
    this.#startedAt = null;
    this.#draining = false;
    if (this.#waiting.size === 0) return;
    this.#startedAt = this.#clock.monotonic();
    this.#drainSoon();
    this.#letOneBegin();
  }

  #drainSoon(): void {
    if (this.#draining) return;
    this.#draining = true;
    setImmediate(() => this.#nextTurn());
  }

  #letOneBegin(): void {
    const [next] = this.#waiting;
    if (next === undefined) return;
    const [share, queue] = next;
    this.#waiting.delete(share);
    const begin = queue.shift();
    if (queue.length > 0) this.#waiting.set(share, queue);
    begin?.();
    // What begins runs in microtasks; a tick asked for in one of them comes when all of them are done, and the clock tells
    // what it took.
    queueMicrotask(() => process.nextTick(() => this.#goOn()));
  }

  #goOn(): void {
    if (this.#startedAt !== null && this.#clock.monotonic() - this.#startedAt < startMilliseconds) this.#letOneBegin();
  }
}
