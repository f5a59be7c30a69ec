// How many accesses of each role a reviewer looks at: one in a hundred and at least ten, shared out by how much each role did,
// and at least one of each, so that the role that does little is looked at too.

export interface Stratum {
  /** As the record has them; null for accesses of nobody with roles. */
  readonly roles: string | null;
  readonly count: number;
}

export const leastSampled = 10;
/** One in so many. */
export const sampledShare = 100;
/** More than anybody reads; a review that is never finished is none. */
export const mostSampled = 500;

export interface SampleSizes {
  readonly sizes: readonly { readonly roles: string | null; readonly size: number }[];
  /** What one in a hundred would have been. */
  readonly wanted: number;
}

export function sampleSizes(strata: readonly Stratum[]): SampleSizes {
  const all = strata.reduce((sum, { count }) => sum + count, 0);
  const wanted = Math.min(all, Math.max(leastSampled, Math.ceil(all / sampledShare)));
  const target = Math.min(wanted, mostSampled);
  const sizes = strata.map(({ roles, count }) => ({
    roles,
    size: Math.min(count, Math.max(1, Math.floor((target * count) / all))),
  }));
  // What rounding down left over goes to the roles that did most.
  let rest = target - sizes.reduce((sum, { size }) => sum + size, 0);
  const byCount = strata.map(({ count }, at) => ({ count, at })).toSorted((one, other) => other.count - one.count);
  for (const { count, at } of byCount) {
    const size = sizes[at];
    if (size === undefined || rest <= 0) break;
    const more = Math.min(rest, count - size.size);
    size.size += more;
    rest -= more;
  }
  return { sizes, wanted };
}

/** A number from the first digits of a root that nobody could choose; 1 where there is none yet. */
export function seedOf(root: string | null): number {
  const number = Number.parseInt((root ?? '').slice(0, 7), 16);
  return Number.isNaN(number) || number === 0 ? 1 : number;
}
