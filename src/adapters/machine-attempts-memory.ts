// Failed tries to pass for a machine, counted per address and minute, so that a program that was set up wrongly, or
// somebody who guesses, is told to wait. In memory and bounded; it locks nobody out who has the right credentials.
// Each gateway counts for itself: keys of machines cannot be guessed however often somebody may, so this spares records and no secret.

import { addressShare } from '../core/network/address-share.ts';
import { forgetOldest } from '../core/forget-oldest.ts';
import type { MachineAttempts } from '../machine-ports.ts';
import type { Clock } from '../ports.ts';

const windowMilliseconds = 60_000;
/** Failed tries in a minute that are answered as such. */
const failuresMost = 10;
/** Addresses that are remembered. */
const mostAddresses = 10_000;

interface Count {
  readonly since: number;
  readonly failures: number;
}

export class MemoryMachineAttempts implements MachineAttempts {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #counts = new Map<string, Count>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  failed(address: string): number {
    const now = this.#clock.monotonic();
    const share = addressShare(address);
    const before = this.#counts.get(share);
    const isOver = before === undefined || now - before.since >= windowMilliseconds;
    const count = isOver ? { since: now, failures: 1 } : { since: before.since, failures: before.failures + 1 };
    this.#counts.delete(share);
    this.#counts.set(share, count);
    forgetOldest(this.#counts, mostAddresses);
    return count.failures <= failuresMost ? 0 : Math.ceil((count.since + windowMilliseconds - now) / 1000);
  }
}
