// Finds where something begins to hold, without asking for everything before it.

/**
 * The first whole number from which on something holds, found by halving. It must not hold at `below`, hold at `from`, and turn once
 * between the two; neither is asked for.
 */
export function firstHolding(below: number, from: number, holds: (at: number) => boolean): number {
  let [before, since] = [below, from];
  while (since - before > 1) {
    const middle = Math.floor((before + since) / 2);
    if (holds(middle)) since = middle;
    else before = middle;
  }
  return since;
}
