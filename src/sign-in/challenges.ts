// The challenges that passkeys are asked to sign: each for one purpose of one browser, good once and for a few minutes. They
// live in memory: after a restart the person presses the button again. Several gateways keep them as short notes, because the button
// may be pressed at one and the answer come to another.

import type { Clock, Randomness, Soon } from '../ports.ts';
import type { ShortNotes } from '../short-note-ports.ts';

/** As long as browsers wait for a person. */
export const challengeSeconds = 300;
const kind = 'challenge';
/** Open for one owner: a few tabs of one browser. */
const mostPerOwner = 5;
/** Owners at a time; the oldest is forgotten first. */
const mostOwners = 10_000;

export interface ChallengesNeeds {
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Null or absent: this gateway is alone. */
  readonly notes?: ShortNotes | null;
}

export class Challenges {
  readonly #needs: ChallengesNeeds;
  /** Owner → challenge → end of its time, epoch milliseconds. */
  readonly #open = new Map<string, Map<string, number>>();

  constructor(needs: ChallengesNeeds) {
    this.#needs = needs;
  }

  /** 256 bits, base64url. `owner` names the purpose and the browser's session. */
  issue(owner: string): Soon<string> {
    const { notes = null, clock, randomness } = this.#needs;
    const challenge = randomness.id();
    if (notes !== null) {
      const note = { kind, owner, id: challenge, text: '', until: clock.now() + challengeSeconds * 1000 };
      return notes.put(note, mostPerOwner).then(() => challenge);
    }
    const theirs = this.#open.get(owner) ?? new Map<string, number>();
    this.#open.delete(owner);
    this.#open.set(owner, theirs);
    theirs.set(challenge, this.#needs.clock.now() + challengeSeconds * 1000);
    dropOldest(theirs, mostPerOwner);
    dropOldest(this.#open, mostOwners);
    return challenge;
  }

  /** True for the one caller that took it, in its time and for its owner. */
  take(owner: string, challenge: string): Soon<boolean> {
    const { notes = null } = this.#needs;
    if (notes !== null) return notes.take(kind, owner, challenge).then((text) => text !== null);
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
