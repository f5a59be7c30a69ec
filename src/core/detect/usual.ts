// What is usual for one person: a row of figures of earlier hours or days, and what would be far outside it.

/** Fewer figures than these say nothing of anybody. */
export const fewestFigures = 10;

/** The middle value; 0 of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? Number(sorted[middle]) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/**
 * The median and six times the median distance from it, which one wild day does not move. Null while too little is known.
 */
export function farOutside(figures: readonly number[]): number | null {
  if (figures.length < fewestFigures) return null;
  const middle = median(figures);
  return middle + 6 * median(figures.map((figure) => Math.abs(figure - middle)));
}
