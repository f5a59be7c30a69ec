// How long wrong codes block a person. Six digits are guessed in hours unless every guess costs time, whatever the
// number of browsers the guesser uses.

/** Wrong codes until the first block, and between two blocks. */
export const failuresPerBlock = 5;
const firstBlockMilliseconds = 15 * 60_000;
const longestBlockMilliseconds = 24 * 3_600_000;
/** Failures are forgotten this long after the last of them, or after its block. */
export const forgetAfterMilliseconds = 24 * 3_600_000;

/** Milliseconds that this failure blocks for; 0 when it does not. `failures` counts this one. */
export function blockAfter(failures: number): number {
  if (failures <= 0 || failures % failuresPerBlock !== 0) return 0;
  const doublings = failures / failuresPerBlock - 1;
  return Math.min(firstBlockMilliseconds * 2 ** doublings, longestBlockMilliseconds);
}
