// How often one address may call what anybody may call, counted in memory and bounded. Locks nobody out for longer than the
// minute that is running. Each gateway counts for itself: what it spares is this gateway.

import { forgetOldest } from '../core/forget-oldest.ts';
import { addressShare } from '../core/network/address-share.ts';
import type { Clock } from '../ports.ts';

const windowMilliseconds = 60_000;
/** Addresses that are remembered. */
const mostAddresses = 10_000;

export class CallsPerMinute {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #most: number;
  readonly #counts = new Map<string, { readonly since: number; calls: number }>();

  constructor(clock: Pick<Clock, 'monotonic'>, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Counts one call: 0 where it may go on, else after how many seconds it may be tried again. */
  take(address: string): number {
    const now = this.#clock.monotonic();
    const share = addressShare(address);
    const before = this.#counts.get(share);
    const count = before === undefined || now - before.since >= windowMilliseconds ? { since: now, calls: 0 } : before;
    count.calls += 1;
    this.#counts.delete(share);
    this.#counts.set(share, count);
    forgetOldest(this.#counts, mostAddresses);
    return count.calls <= this.#most ? 0 : Math.ceil((count.since + windowMilliseconds - now) / 1000);
  }
}
