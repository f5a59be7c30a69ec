// The challenges that passkeys are asked to sign: each for one purpose of one browser, good once and for a few minutes. They
// live in memory: after a restart the person presses the button again.

import type { Clock, Randomness } from '../ports.ts';

/** As long as browsers wait for a person. */
export const challengeSeconds = 300;
/** Open for one owner: a few tabs of one browser. */
const mostPerOwner = 5;
/** Owners at a time; the oldest is forgotten first. */
const mostOwners = 10_000;

export class Challenges {
  readonly #needs: { readonly clock: Clock; readonly randomness: Randomness };
  /** Owner → challenge → end of its time, epoch milliseconds. */
  readonly #open = new Map<string, Map<string, number>>();

  constructor(needs: { readonly clock: Clock; readonly randomness: Randomness }) {
    this.#needs = needs;
  }

  /** 256 bits, base64url. `owner` names the purpose and the browser's session. */
  issue(owner: string): string {
    const challenge = this.#needs.randomness.id();
    const theirs = this.#open.get(owner) ?? new Map<string, number>();
    this.#open.delete(owner);
    this.#open.set(owner, theirs);
    theirs.set(challenge, this.#needs.clock.now() + challengeSeconds * 1000);
    dropOldest(theirs, mostPerOwner);
    dropOldest(this.#open, mostOwners);
    return challenge;
  }

  /** True for the one caller that took it, in its time and for its owner. */
  take(owner: string, challenge: string): boolean {
    const theirs = this.#open.get(owner);
    const end = theirs?.get(challenge);
    if (theirs === undefined || end === undefined) return false;
    theirs.delete(challenge);
    if (theirs.size === 0) this.#open.delete(owner);
    return this.#needs.clock.now() < end;
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
