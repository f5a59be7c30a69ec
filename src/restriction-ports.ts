// Who is held after an alert, as stages, the console and whoever answers alerts see it.

import type { Restriction } from './core/respond/restriction.ts';

type Person = Pick<Restriction['person'], 'issuer' | 'sub'>;

export interface Restrictions {
  /** In force for this person at that moment, epoch milliseconds. Of memory alone: no request waits for it, none fails by it. */
  of(person: Person, now: number): readonly Restriction[];
  /** In force for anybody, the newest first. */
  all(now: number): readonly Restriction[];
  /** In force at once, durable once it resolves. The same kind for the same alert counts once, also where it was lifted. */
  impose(restriction: Restriction): Promise<void>;
  /** Not in force any more once it resolves. False where it was over already. */
  lift(restriction: Pick<Restriction, 'alert' | 'kind'>, at: number): Promise<boolean>;
}

/** Holds requests up. */
export interface SlowLane {
  /** False where the client has gone, or too many requests of this person wait already. */
  wait(person: Person, onGone: (callback: () => void) => void): Promise<boolean>;
}
