// What gateways with the same stores tell each other, and what one of them does for all. A gateway alone has
// `adapters/one-gateway.ts` for it, which has nobody to tell and nothing to wait for.

/**
 * Told how long one list of statements (`postgres`), one round of what gateways tell each other (`redis-round`) or one script over
 * a key (`redis-script`) took, and whether it failed.
 */
export type StoreTimed = (what: 'postgres' | 'redis-round' | 'redis-script', milliseconds: number, failed: boolean) => void;

/**
 * What may have changed. Others that hold it in memory read it again; for one that is of a newer version they read everything. A
 * gateway passes over what is no topic of its own only where the entry says so (`adapters/redis-entry.ts`).
 */
export type ChangeTopic =
  'sessions' | 'sessions-seen' | 'sessions-ended' | 'standings' | 'held-posts' | 'grants' | 'restrictions' | 'devices' | 'cases';

/**
 * What others changed, in one order for all, so that what stands in memory is as good as the store. Entries are short texts (keys,
 * times): never a name, a secret or anything of a patient; what belongs to a key is read from the store, where it stands already.
 */
export interface SharedChanges {
  /**
   * Tells the others, after the rows are written. Resolves to true once as many copies of it are kept as the clinic asks for; to
   * false where that is not known: it is told again until it is, and `end means end` is not promised until then. Never rejects.
   */
  tell(topic: ChangeTopic, entries: readonly string[]): Promise<boolean>;
  /** Hears what others told, in order, soon after; never what this gateway told. It marks at once and reads what it needs later. */
  follow(topic: ChangeTopic, heard: (entries: readonly string[]) => void): void;
  /**
   * Something may have been missed (a start, a fail-over): everything in memory is read from the store again. Nothing in memory
   * is `current` until all of these have resolved; one that rejects is run again.
   */
  onMissed(reload: () => Promise<void>): void;
  /** Whether what stands in memory may be gone by at this moment: everything told until less than a second ago has been heard. */
  readonly current: boolean;
  /** Resolves once everything that was told before this call has been heard; to false where that cannot be had within half a second. */
  caughtUp(): Promise<boolean>;
}

/** One gateway at a time, among all that share the stores. */
export interface SharedTurns {
  /**
   * Runs `work` while no other gateway runs work of this name; waits for others. Rejects with Fault `session-store-unavailable`
   * where the turn cannot be had within `waitMilliseconds`. The turn ends by itself after `holdMilliseconds`, which is longer than
   * `work` can take: whoever had to wait looks first whether it has been done already.
   */
  run<T>(
    name: string,
    work: () => Promise<T>,
    times?: { readonly waitMilliseconds: number; readonly holdMilliseconds: number },
  ): Promise<T>;
}

/** What is done once for all gateways (looks at the clock, detectors, reviews) is done by the one that leads. */
export interface Leadership {
  readonly leads: boolean;
  /** Calls back when this gateway begins to lead. */
  onLead(begin: () => void): void;
}

/** All three, as the stores are handed them. */
export interface SharedParts {
  readonly changes: SharedChanges;
  readonly turns: SharedTurns;
  readonly leadership: Leadership;
}
