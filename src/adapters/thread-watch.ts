// Sees that the gateway's one thread stood still for more than a second: it was kept busy, the process was stopped, or the machine
// slept. Nobody was answered meanwhile, so for a moment afterwards the gateway is not ready: a balancer that asks now and then
// finds one that keeps standing still, and a single time keeps nobody away for long. It costs no request anything.

import { stoodStill } from '../core/thread/stood-still.ts';
import type { ThreadTime } from '../core/thread/stood-still.ts';
import type { OperationsLog } from '../ports.ts';
import type { ReadThreadTime } from '../thread-ports.ts';

/** Between two looks. */
const apartMilliseconds = 100;
/** Longer than this counts. */
const longMilliseconds = 1000;
/** Not ready for this long after the end of the last one. */
const doubtMilliseconds = 2000;

export interface ThreadWatchNeeds {
  readonly time: ReadThreadTime;
  readonly log: Pick<OperationsLog, 'error'>;
  /** Told of each standstill, for metrics. */
  readonly stalled: (seconds: number) => void;
}

export class ThreadWatch {
  readonly #needs: ThreadWatchNeeds;
  /** The last look; null before people are served and once they no longer are. */
  #before: ThreadTime | null = null;
  #endedAt = Number.NEGATIVE_INFINITY;
  #seconds = 0;

  constructor(needs: ThreadWatchNeeds) {
    this.#needs = needs;
  }

  /** Looks from now on, so that a slow start is no standstill, until what it gives back is called. */
  follow(): () => void {
    this.look();
    const looks = setInterval(() => this.look(), apartMilliseconds).unref();
    return () => {
      clearInterval(looks);
      this.#before = null;
    };
  }

  look(): void {
    const now = this.#needs.time();
    const milliseconds = this.#before === null ? 0 : stoodStill(this.#before, now);
    this.#before = now;
    // A look that is late by less than a second may come from work that is merely much.
    if (milliseconds <= longMilliseconds + apartMilliseconds) return;
    this.#endedAt = now.monotonic;
    this.#seconds = milliseconds / 1000;
    this.#needs.stalled(this.#seconds);
    const seconds = Number(this.#seconds.toFixed(1));
    this.#needs.log.error(
      { seconds },
      'The thread stood still, and nobody was answered meanwhile; look at the load of the machine',
    );
  }

  /** Why the gateway is not ready, without a full stop; null where it is not this. */
  get trouble(): string | null {
    if (this.#before === null) return null;
    // Whoever asks may be served before the next look: what waited in the sockets comes first.
    this.look();
    if (this.#needs.time().monotonic - this.#endedAt >= doubtMilliseconds) return null;
    return `its thread stood still for ${this.#seconds.toFixed(1)} seconds a moment ago; look at the load of the machine`;
  }
}
