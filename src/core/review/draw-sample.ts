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
  const steps = drawSteps(candidates, size, seed, hash, candidates.length);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same with a pause after each `slice` of candidates, for whoever has other work. */
export function* drawSteps<Access extends Candidate>(
  candidates: readonly Access[],
  size: number,
  seed: string,
  hash: Hash,
  slice: number,
): Generator<undefined, Drawn<Access>> {
  const groups = new Map<string, Access[]>();
  for (const [at, one] of candidates.entries()) {
    const key = JSON.stringify([one.roles, one.kind]);
    const group = groups.get(key) ?? [];
    group.push(one);
    groups.set(key, group);
    if ((at + 1) % slice === 0) yield;
  }
  const ordered = [...groups].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
  const sizes = shares(
    ordered.map(({ length }) => length),
    size,
  );
  const drawn: (readonly Access[])[] = [];
  for (const [at, group] of ordered.entries()) drawn.push(yield* lowest(group, Number(sizes[at]), seed, hash, slice));
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

/** What is kept is never more than is drawn, so that no long list is put in order. */
function* lowest<Access extends Candidate>(
  group: readonly Access[],
  size: number,
  seed: string,
  hash: Hash,
  slice: number,
): Generator<undefined, readonly Access[]> {
  const kept: { readonly one: Access; readonly lot: string }[] = [];
  for (const [at, one] of group.entries()) {
    const lot = hash(`${seed} ${one.record}`);
    const place = kept.findIndex((other) => lot < other.lot);
    if (place !== -1) kept.splice(place, 0, { one, lot });
    else if (kept.length < size) kept.push({ one, lot });
    if (kept.length > size) kept.pop();
    if ((at + 1) % slice === 0) yield;
  }
  return kept.map(({ one }) => one);
}

function stratumOf(taken: readonly Candidate[], accesses: number): Stratum {
  return { roles: String(taken[0]?.roles), kind: String(taken[0]?.kind), accesses, drawn: taken.length };
}
