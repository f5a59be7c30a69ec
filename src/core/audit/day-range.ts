// The first and the last day among times and names that begin with one, all UTC.

export interface DayRange {
  /** `YYYY-MM-DD`. */
  readonly first: string;
  readonly last: string;
}

/** `one` and each of `more` begin with a day. */
export function dayRange(one: string, ...more: readonly string[]): DayRange {
  const days = more.map((text) => text.slice(0, 10));
  const begin = one.slice(0, 10);
  return {
    first: days.reduce((least, day) => (day < least ? day : least), begin),
    last: days.reduce((most, day) => (day > most ? day : most), begin),
  };
}
