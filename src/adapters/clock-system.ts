// The machine's clock. Nothing else in the product reads the time.

import type { Clock } from '../ports.ts';

/** Wall clock in epoch milliseconds, and a clock that never jumps. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
