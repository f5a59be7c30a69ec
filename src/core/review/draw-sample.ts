// Draws the sample of a monthly review: of every role and every kind of access at least one, the rest by their share. Which
// ones is decided by lots that nobody chooses: the SHA-256 of the seed and the number of a record. Whoever has both draws the
// same ones with any tool.

import type { Stratum } from './review.ts';

export interface Candidate {
  readonly record: number;
  readonly roles: string;
  readonly kind: string;
}

export interface Drawn<Access extends Candidate> {
  /** In the order of the record. */
  readonly items: readonly Access[];
  readonly strata: readonly Stratum[];
}

/** SHA-256, hex. */
type Hash = (text: string) => string;

/** `period` keeps the seeds of two reviews under one checkpoint apart. */
export function seedOf(period: string, { size, root }: { readonly size: number; readonly root: string }, hash: Hash): string {
  return hash(`wardgate-review/1 ${period} ${size} ${root}`);
}

/** More than `size` are drawn where there are more strata than that. */
export function drawSample<Access extends Candidate>(
  candidates: readonly Access[],
  size: number,
  seed: string,
  hash: Hash,
): Drawn<Access> {
  const groups = new Map<string, Access[]>();
  for (const one of candidates) {
    const key = JSON.stringify([one.roles, one.kind]);
    const group = groups.get(key) ?? [];
    group.push(one);
    groups.set(key, group);
  }
  const ordered = [...groups].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
  const sizes = shares(
    ordered.map(({ length }) => length),
    size,
  );
  const drawn = ordered.map((group, at) => lowest(group, Number(sizes[at]), seed, hash));
  return {
    items: drawn.flat().toSorted((one, other) => one.record - other.record),
    strata: drawn.map((taken, at) => stratumOf(taken, Number(ordered[at]?.length))),
  };
}

/** One each, then one after the other where the share that is drawn is smallest. */
function shares(counts: readonly number[], size: number): readonly number[] {
  const taken = counts.map(() => 1);
  for (let left = size - counts.length; left > 0; left -= 1) {
    const ratios = counts.map((count, at) => (Number(taken[at]) < count ? Number(taken[at]) / count : Infinity));
    const least = Math.min(...ratios);
    if (least === Infinity) break;
    const at = ratios.indexOf(least);
    taken[at] = Number(taken[at]) + 1;
  }
  return taken;
}

function lowest<Access extends Candidate>(group: readonly Access[], size: number, seed: string, hash: Hash): readonly Access[] {
  return group
    .map((one) => ({ one, lot: hash(`${seed} ${one.record}`) }))
    .toSorted((one, other) => (one.lot < other.lot ? -1 : 1))
    .slice(0, size)
    .map(({ one }) => one);
}

function stratumOf(taken: readonly Candidate[], accesses: number): Stratum {
  return { roles: String(taken[0]?.roles), kind: String(taken[0]?.kind), accesses, drawn: taken.length };
}
