// Who is held after an alert, as stages, the console and whoever answers alerts see it.

import type { Restriction } from './core/respond/restriction.ts';
import type { Soon } from './session-ports.ts';

type Person = Pick<Restriction['person'], 'issuer' | 'sub'>;

export interface Restrictions {
  /**
   * In force for this person at that moment, epoch milliseconds. Of memory; where another gateway has just told of this person it
   * waits for the store, and rejects with Fault `session-store-unavailable`.
   */
  of(person: Person, now: number): Soon<readonly Restriction[]>;
  /** In force for anybody, the newest first, as memory has them. */
  all(now: number): readonly Restriction[];
  /** Before anybody is held, or all are listed: resolves once what other gateways imposed and lifted until now is here. */
  latest(): Promise<void>;
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
