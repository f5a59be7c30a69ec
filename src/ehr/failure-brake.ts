// Stops all sign-ons to an EHR for a while when too many have failed: EHRs count failures per address, and ours is one
// for everybody. One person alone stops nobody else. Counts in memory; a restart forgives, because it also ends what failed. For
// one gateway alone; several have `adapters/failure-brake-shared.ts`.

import type { Subject } from '../core/session/session.ts';
import type { SignOnBrake, SignOnTry } from '../ehr-ports.ts';

const windowMilliseconds = 60_000;
/** Tries of one application that wait for others to end; beyond it, and after waiting too long, people come back later. */
const mostWaiting = 100;
const longestWaitMilliseconds = 15_000;
const crowdedSeconds = 5;
/** Failures of one person that count within the window, so that somebody who mistypes does not keep everybody out. */
const mostOfOnePerson = 2;

type Person = Pick<Subject, 'issuer' | 'sub'>;

interface Failure {
  readonly at: number;
  readonly person: Person;
}

export interface Turn extends SignOnTry {
  end(failed: boolean): void;
}

interface Tries {
  underWay: number;
  waiting: (() => void)[];
}

export class FailureBrake implements SignOnBrake {
  readonly #mostPerMinute: number;
  readonly #clock: { now(): number };
  /** Application → its last failures, oldest first; of each person only the latest that count. */
  readonly #failures = new Map<string, readonly Failure[]>();
  /** Application → tries that nobody knows the end of yet. */
  readonly #tries = new Map<string, Tries>();
  /** Application and account. */
  readonly #refused = new Set<string>();

  constructor(mostPerMinute: number, clock: { now(): number }) {
    this.#mostPerMinute = mostPerMinute;
    this.#clock = clock;
  }

  failed(application: string, person: Person): void {
    const recent = this.#recent(application);
    const theirs = recent.filter((failure) => isSame(failure.person, person));
    const [superseded] = theirs.length < mostOfOnePerson ? [] : theirs;
    const kept = recent.filter((failure) => failure !== superseded);
    this.#failures.set(application, [...kept, { at: this.#clock.now(), person }]);
  }

  /** Seconds until the next try may be made; null where one may be made now. */
  pausedFor(application: string): number | null {
    const recent = this.#recent(application);
    const [oldest] = recent.slice(-this.#mostPerMinute);
    if (oldest === undefined || recent.length < this.#mostPerMinute) return null;
    return Math.max(1, Math.ceil((oldest.at + windowMilliseconds - this.#clock.now()) / 1000));
  }

  /**
   * A turn, or the seconds until one may be had. Tries under way count as failures while nobody knows: many who mistype in
   * one moment would be the lock-out otherwise. Whoever might be one too many waits for another to end.
   */
  async begin(application: string, person: Person): Promise<Turn | number> {
    const tries = this.#tries.get(application) ?? { underWay: 0, waiting: [] };
    this.#tries.set(application, tries);
    const since = this.#clock.now();
    for (;;) {
      const pausedSeconds = this.pausedFor(application);
      if (pausedSeconds !== null) return pausedSeconds;
      if (this.#recent(application).length + tries.underWay < this.#mostPerMinute) return this.#turn(application, person, tries);
      const isTooLong = this.#clock.now() - since > longestWaitMilliseconds;
      if (isTooLong || tries.waiting.length >= mostWaiting) return crowdedSeconds;
      await new Promise<void>((resolve) => tries.waiting.push(resolve));
    }
  }

  refuse(application: string, account: string): void {
    this.#refused.add(`${application} ${account}`);
  }

  isRefused(application: string, account: string): boolean {
    return this.#refused.has(`${application} ${account}`);
  }

  #turn(application: string, person: Person, tries: Tries): Turn {
    tries.underWay += 1;
    return {
      end: (failed) => {
        tries.underWay -= 1;
        if (failed) this.failed(application, person);
        for (const goOn of tries.waiting.splice(0)) goOn();
      },
    };
  }

  #recent(application: string): readonly Failure[] {
    const now = this.#clock.now();
    // What lies ahead is from before the clock was set back.
    const kept = (this.#failures.get(application) ?? []).filter(({ at }) => at > now - windowMilliseconds && at <= now);
    this.#failures.set(application, kept);
    return kept;
  }
}

/** Names change hands; issuer and sub do not. */
function isSame(one: Person, other: Person): boolean {
  return one.issuer === other.issuer && one.sub === other.sub;
}
