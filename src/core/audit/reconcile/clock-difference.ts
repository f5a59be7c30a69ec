// How far the EHR's clock stands from ours, from the requests that were matched: the middle of all differences, counted by
// the second, because an access log tells no more.

export interface ClockDifference {
  /** Positive where the EHR's clock is ahead. */
  readonly seconds: number;
  readonly matches: number;
}

/** A longer request says nothing: the log may name its beginning or its end. */
const longestMilliseconds = 5000;

export class ClockDifferences {
  readonly #bySecond = new Map<number, number>();
  #matches = 0;

  add(ours: number, end: number | null, theirs: number): void {
    if (end === null || end - ours > longestMilliseconds) return;
    const second = Math.round((theirs - ours) / 1000);
    this.#bySecond.set(second, (this.#bySecond.get(second) ?? 0) + 1);
    this.#matches += 1;
  }

  /** Null where nothing was matched that says it. */
  middle(): ClockDifference | null {
    let before = 0;
    for (const [second, count] of [...this.#bySecond].sort(([a], [b]) => a - b)) {
      before += count;
      if (before * 2 >= this.#matches) return { seconds: second, matches: this.#matches };
    }
    return null;
  }
}
