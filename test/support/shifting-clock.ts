// A clock that a story moves forward, so that nobody has to wait for fifteen minutes. It runs with the machine's clock in
// between; timers and the clock that never jumps are not moved.

import type { Clock } from '../../src/ports.ts';

export class ShiftingClock implements Clock {
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  monotonic(): number {
    return performance.now();
  }

  /** Time passes. */
  forward({ hours = 0, minutes = 0, seconds = 0 }: { hours?: number; minutes?: number; seconds?: number }): void {
    this.#ahead += ((hours * 60 + minutes) * 60 + seconds) * 1000;
  }
}
