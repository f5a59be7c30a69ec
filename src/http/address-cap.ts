// Counts connections per address (version 6: per /64), so that one workstation cannot take the clinic's listener away.

import { addressShare } from '../core/network/address-share.ts';

export class AddressCap {
  readonly #max: number;
  readonly #open = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** False when the address already has as many connections as it may. */
  enter(address: string): boolean {
    const share = addressShare(address);
    const open = this.#open.get(share) ?? 0;
    if (open >= this.#max) return false;
    this.#open.set(share, open + 1);
    return true;
  }

  leave(address: string): void {
    const share = addressShare(address);
    const open = (this.#open.get(share) ?? 1) - 1;
    if (open === 0) this.#open.delete(share);
    else this.#open.set(share, open);
  }
}
