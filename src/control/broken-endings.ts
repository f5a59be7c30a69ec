// Completes the ends of access that a gateway left when it stopped: one that starts does so before it serves, but it may not start
// for long, and its person must find nothing left. The gateway that leads looks once a minute.

import { completeEndings } from './end-person.ts';
import type { EndPersonNeeds } from './end-person.ts';
import { MinuteLook } from './minute-look.ts';
import type { Leadership } from '../shared-ports.ts';

export interface BrokenEndingsNeeds extends EndPersonNeeds {
  readonly leadership: Leadership;
  readonly onCompleted: (people: number) => void;
  readonly onFailed: (cause: unknown) => void;
}

/** Whatever takes longer was broken off. */
const underWayMilliseconds = 5 * 60_000;

export class BrokenEndings {
  readonly #needs: BrokenEndingsNeeds;
  readonly #look = new MinuteLook();
  #running = false;

  constructor(needs: BrokenEndingsNeeds) {
    this.#needs = needs;
  }

  /** Call it every few seconds; it looks once a minute. Never rejects. */
  async look(): Promise<void> {
    const { leadership, clock, onCompleted, onFailed } = this.#needs;
    const now = clock.now();
    if (!leadership.leads || this.#running || !this.#look.isDue(now)) return;
    this.#running = true;
    try {
      const people = await completeEndings(this.#needs, now - underWayMilliseconds);
      if (people > 0) onCompleted(people);
    } catch (cause) {
      onFailed(cause);
    } finally {
      this.#running = false;
    }
  }
}
