// Draws figures as bars of text, from nothing to the largest.

const widest = 60;

/** One bar for each, with its figure at the end. */
export function plotted(figures: readonly number[]): readonly string[] {
  const most = Math.max(...figures);
  return figures.map((figure) => `${'█'.repeat(Math.round((figure / most) * widest))} ${figure.toFixed(1)}`);
}
