// A goal: a figure, its limit, and whether it was reached. A figure that was not measured is no goal met.

export interface Goal {
  readonly id: string;
  /** What is compared; the figure must be at most the limit, or else it ends in "at least" or "below". */
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly met: boolean;
}

export function atMost(id: string, what: string, measured: number, limit: number): Goal {
  const value = rounded(measured);
  return { id, what, value, limit, met: value <= limit };
}

export function atLeast(id: string, what: string, measured: number, limit: number): Goal {
  const value = rounded(measured);
  return { id, what: `${what}, at least`, value, limit, met: value >= limit };
}

/** For what must be better than something else, and not as good. */
export function below(id: string, what: string, measured: number, limit: number): Goal {
  const value = rounded(measured);
  return { id, what: `${what}, below`, value, limit, met: value < limit };
}

/** What is printed is what is judged. */
function rounded(measured: number): number {
  return Number(measured.toFixed(3));
}
