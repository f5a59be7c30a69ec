// Where the records of several gateways leave a hole. One that was shut down, or was not there yet, leaves none while another was
// on watch: nobody came through it. One that crashed, went silent or could not write was to be there, and what it lacks counts.

import type { CoveredRecords, Gap } from './coverage.ts';
import { mostGaps } from './judge-coverage.ts';
import type { JudgedCoverage } from './judge-coverage.ts';

/** `each` holds all gaps of each gateway, in order; not empty. */
export function togetherOnWatch(each: readonly (readonly Gap[])[]): JudgedCoverage {
  const [first = [], ...others] = each;
  if (others.length === 0) return judged(first);
  const off: readonly (readonly Gap[])[] = each.map((gaps) => gaps.filter(isOff));
  const nobody = off.reduce(overlaps);
  const missing = each.flatMap((gaps) => gaps.filter((gap) => !isOff(gap)));
  return judged([...nobody, ...missing].sort((one, other) => one.from - other.from));
}

/** All of them together; null where none has any. */
export function togetherRecorded(each: readonly CoveredRecords[]): CoveredRecords | null {
  const inOrder = each.toSorted((one, other) => one.firstTime - other.firstTime);
  const [begins] = inOrder;
  if (begins === undefined) return null;
  const ends = each.reduce((one, other) => (other.lastTime > one.lastTime ? other : one));
  const { first, firstTime } = begins;
  return { first, firstTime, last: ends.last, lastTime: ends.lastTime, count: each.reduce((all, { count }) => all + count, 0) };
}

function isOff({ kind }: Gap): boolean {
  return kind === 'stopped' || kind === 'before-first';
}

/** Times that lie in a gap of both, told by the one that began last: until then somebody was there. */
function overlaps(one: readonly Gap[], other: readonly Gap[]): readonly Gap[] {
  return one.flatMap((gap) =>
    other.flatMap((theirs) => {
      const from = Math.max(gap.from, theirs.from);
      const until = Math.min(gap.until, theirs.until);
      return until <= from ? [] : [{ ...(theirs.from > gap.from ? theirs : gap), from, until }];
    }),
  );
}

/** Times that overlap count once. */
function judged(gaps: readonly Gap[]): JudgedCoverage {
  let [unwatched, end] = [0, -Infinity];
  for (const { from, until } of gaps) {
    unwatched += Math.max(0, until - Math.max(from, end));
    end = Math.max(end, until);
  }
  return { gaps: gaps.slice(0, mostGaps), gapCount: gaps.length, unwatchedMilliseconds: unwatched };
}
