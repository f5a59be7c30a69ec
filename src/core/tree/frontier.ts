// A Merkle tree that only grows, kept as the roots of its perfect subtrees: at most 53 hashes, whatever its size. It gives
// the root of every size on its way and forgets the leaves.

import { nodeHash } from './node-hash.ts';
import type { Digest } from './node-hash.ts';

export interface Frontier {
  /** Leaves so far. */
  readonly size: number;
  /** Roots of the perfect subtrees, the largest first. */
  readonly peaks: readonly Uint8Array[];
}

export const emptyFrontier: Frontier = { size: 0, peaks: [] };

/** With one more leaf, given as its hash. */
export function grow(digest: Digest, { size, peaks }: Frontier, leaf: Uint8Array): Frontier {
  let merged = 0;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) merged += 1;
  const kept = peaks.length - merged;
  const peak = peaks.slice(kept).reduceRight((right, left) => nodeHash(digest, left, right), leaf);
  return { size: size + 1, peaks: [...peaks.slice(0, kept), peak] };
}

export function rootOf(digest: Digest, { peaks }: Frontier): Uint8Array {
  return peaks.length === 0 ? digest(new Uint8Array()) : peaks.reduceRight((right, left) => nodeHash(digest, left, right));
}
