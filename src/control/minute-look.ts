// Lets a look through once a minute, however often it is called for.

const minuteMilliseconds = 60_000;

export class MinuteLook {
  #lookedAt = -Infinity;

  /** Whether it is time; then it counts as taken. */
  isDue(now: number): boolean {
    // A clock that was set back must not stop it.
    if (Math.abs(now - this.#lookedAt) < minuteMilliseconds) return false;
    this.#lookedAt = now;
    return true;
  }
}
