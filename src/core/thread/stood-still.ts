// How long the gateway's one thread stood still between two looks at the time. It is judged by clocks that nobody sets: that the
// wall clock was put right is no standstill.

/** Milliseconds, both of clocks that never go back. */
export interface ThreadTime {
  /** Does not count while the machine sleeps. */
  readonly monotonic: number;
  /** Counts while the machine sleeps; on some systems in whole seconds. */
  readonly sinceBoot: number;
}

/** Less than this apart, two clocks of different grain agree. */
const grainMilliseconds = 2000;

/** Milliseconds from one look to the next: the machine's sleep included, and what the process was stopped for. */
export function stoodStill(before: ThreadTime, now: ThreadTime): number {
  const ran = now.monotonic - before.monotonic;
  const slept = now.sinceBoot - before.sinceBoot - ran;
  return ran + (slept > grainMilliseconds ? slept : 0);
}
