// Stops all sign-ons to an EHR for a while when too many have failed: EHRs count failures per address, and ours is one
// for everybody. Counts in memory; a restart forgives, because it also ends what failed.

const windowMilliseconds = 60_000;
/** Tries of one application that wait for others to end; beyond it, and after waiting too long, people come back later. */
const mostWaiting = 100;
const longestWaitMilliseconds = 15_000;
const crowdedSeconds = 5;

/** A try that may be made now; `end` it once it is known whether it failed. */
export interface Turn {
  end(failed: boolean): void;
}

interface Tries {
  underWay: number;
  waiting: (() => void)[];
}

export class FailureBrake {
  readonly #mostPerMinute: number;
  readonly #clock: { now(): number };
  /** Application → when its last failures were, oldest first. */
  readonly #failures = new Map<string, readonly number[]>();
  /** Application → tries that nobody knows the end of yet. */
  readonly #tries = new Map<string, Tries>();

  constructor(mostPerMinute: number, clock: { now(): number }) {
    this.#mostPerMinute = mostPerMinute;
    this.#clock = clock;
  }

  failed(application: string): void {
    this.#failures.set(application, [...this.#recent(application), this.#clock.now()]);
  }

  /** Seconds until the next try may be made; null where one may be made now. */
  pausedFor(application: string): number | null {
    const recent = this.#recent(application);
    const [oldest] = recent.slice(-this.#mostPerMinute);
    if (oldest === undefined || recent.length < this.#mostPerMinute) return null;
    return Math.max(1, Math.ceil((oldest + windowMilliseconds - this.#clock.now()) / 1000));
  }

  /**
   * A turn, or the seconds until one may be had. Tries under way count as failures while nobody knows: many who mistype in
   * one moment would be the lock-out otherwise. Whoever might be one too many waits for another to end.
   */
  async begin(application: string): Promise<Turn | number> {
    const tries = this.#tries.get(application) ?? { underWay: 0, waiting: [] };
    this.#tries.set(application, tries);
    const since = this.#clock.now();
    for (;;) {
      const pausedSeconds = this.pausedFor(application);
      if (pausedSeconds !== null) return pausedSeconds;
      if (this.#recent(application).length + tries.underWay < this.#mostPerMinute) return this.#turn(application, tries);
      const isTooLong = this.#clock.now() - since > longestWaitMilliseconds;
      if (isTooLong || tries.waiting.length >= mostWaiting) return crowdedSeconds;
      await new Promise<void>((resolve) => tries.waiting.push(resolve));
    }
  }

  #turn(application: string, tries: Tries): Turn {
    tries.underWay += 1;
    return {
      end: (failed) => {
        tries.underWay -= 1;
        if (failed) this.failed(application);
        for (const goOn of tries.waiting.splice(0)) goOn();
      },
    };
  }

  #recent(application: string): readonly number[] {
    const now = this.#clock.now();
    // What lies ahead is from before the clock was set back.
    const kept = (this.#failures.get(application) ?? []).filter((at) => at > now - windowMilliseconds && at <= now);
    this.#failures.set(application, kept);
    return kept;
  }
}
