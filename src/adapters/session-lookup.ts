// Finds sessions where several gateways share them: at once where memory is certain to say what the rows say. A "no", and a
// lock, wait until this gateway has caught up, because a session may have begun or been unlocked elsewhere a moment ago.

import { Fault } from '../core/faults.ts';
import type { Session } from '../core/session/session.ts';
import type { Clock, Lookup, Soon } from '../ports.ts';
import type { SharedChanges } from '../shared-ports.ts';
import type { SessionFollowing } from './session-following.ts';
import type { Live, SessionMemory } from './session-memory.ts';

/** A lookup that has to hear or read first takes no longer. */
const findMilliseconds = 500;

export interface SessionLookupNeeds {
  readonly changes: SharedChanges;
  readonly memory: SessionMemory;
  readonly following: SessionFollowing;
  readonly clock: Pick<Clock, 'monotonic'>;
}

export class SessionLookup {
  readonly #needs: SessionLookupNeeds;
  #reloading: Promise<void> | null = null;

  constructor(needs: SessionLookupNeeds) {
    this.#needs = needs;
  }

  find(key: string): Soon<Lookup<Session>> {
    const { changes, memory, following } = this.#needs;
    if (!changes.current) return { found: 'unavailable', cause: unheard() };
    const live = memory.get(key);
    return live?.session.lockedAt === null && !following.isMarked(key) ? lookup(live) : this.#findLater(key);
  }

  /** Every session that began anywhere before now is in memory then. Rejects where neither the others nor the rows tell. */
  async catchUp(): Promise<void> {
    const { changes, following } = this.#needs;
    const isCaughtUp = changes.current && (await changes.caughtUp());
    if (!isCaughtUp || !(await following.settled(findMilliseconds))) await this.reload();
  }

  async reload(): Promise<void> {
    this.#reloading ??= this.#needs.following.reload().finally(() => {
      this.#reloading = null;
    });
    return this.#reloading;
  }

  async #findLater(key: string): Promise<Lookup<Session>> {
    const { changes, memory, following, clock } = this.#needs;
    const began = clock.monotonic();
    if (!(await changes.caughtUp()) || !changes.current) return { found: 'unavailable', cause: unheard() };
    const left = Math.max(0, findMilliseconds - (clock.monotonic() - began));
    if (await following.settled(left, [key])) return lookup(memory.get(key));
    const detail = 'a session that changed at another gateway could not be read in time';
    return { found: 'unavailable', cause: new Fault('session-store-unavailable', { detail }) };
  }
}

export function lookup(live: Live | undefined): Lookup<Session> {
  return live === undefined ? { found: 'no' } : { found: 'yes', value: live.session };
}

/** Nothing in memory counts until this gateway hears what the others do. */
export function unheard(): Fault {
  return new Fault('session-store-unavailable', { detail: 'this gateway does not hear what others change' });
}
