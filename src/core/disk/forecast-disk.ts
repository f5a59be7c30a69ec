// When a disk will be full at the present rate, from looks at its free room. A backup that comes and goes, or a folder that
// somebody clears, must not hide or make up a trend, so the rate is the middle one of those between all pairs of looks
// (Theil and Sen) and not a line from the first to the last.

export interface DiskLook {
  /** Milliseconds of a clock that never jumps. */
  readonly at: number;
  readonly freeBytes: number;
}

/** `unknown`: not watched for long enough. `steady`: it does not fill. */
export type DiskForecast =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'steady'; readonly freeBytes: number }
  | { readonly kind: 'filling'; readonly freeBytes: number; readonly bytesPerDay: number; readonly days: number };

const hour = 3_600_000;
const day = 24 * hour;
/** Looks less than this apart from first to last say nothing about a day. */
export const shortestSpanMilliseconds = 6 * hour;
/** The present rate is the faster of these, so that both what began today and what comes once a day are seen. */
const windows: readonly number[] = [day, 7 * day];
/** Older looks are of no use. */
export const longestSpanMilliseconds = 7 * day;

/** `looks` in their order, the newest last. */
export function forecastDisk(looks: readonly DiskLook[]): DiskForecast {
  const first = looks[0];
  const last = looks.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < shortestSpanMilliseconds) return { kind: 'unknown' };
  const { at, freeBytes } = last;
  const rates = windows.map((window) => bytesPerDay(looks.filter((look) => at - look.at <= window)));
  const fastest = Math.max(...rates);
  if (fastest <= 0) return { kind: 'steady', freeBytes };
  return { kind: 'filling', freeBytes, bytesPerDay: fastest, days: freeBytes / fastest };
}

/** What is used up in a day; below zero where room is gained. Looks at the same moment, and a single one, give none. */
function bytesPerDay(looks: readonly DiskLook[]): number {
  const rates = looks.flatMap((later, index) =>
    looks.slice(0, index).flatMap((earlier) => {
      const days = (later.at - earlier.at) / day;
      return days > 0 ? [(earlier.freeBytes - later.freeBytes) / days] : [];
    }),
  );
  const sorted = rates.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
