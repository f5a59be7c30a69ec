// The root over a run of leaves, put together from perfect subtrees that somebody else holds. It asks for as few as there are.

import { nodeHash } from './node-hash.ts';
import type { Digest } from './node-hash.ts';

/** Root of the perfect subtree of 2^level leaves that begins at leaf index × 2^level. */
export type ReadNode = (level: number, index: number) => Uint8Array;

/** Roots of the perfect subtrees that make up the leaves from `start` to before `end`, the largest first. `start` begins a subtree at least as large. */
export function peaksOf(start: number, end: number, read: ReadNode): Uint8Array[] {
  const peaks: Uint8Array[] = [];
  for (let at = start; at < end;) {
    const level = Math.floor(Math.log2(end - at));
    peaks.push(read(level, at / 2 ** level));
    at += 2 ** level;
  }
  return peaks;
}

/** At least one leaf. */
export function rangeRoot(digest: Digest, start: number, end: number, read: ReadNode): Uint8Array {
  return peaksOf(start, end, read).reduceRight((right, left) => nodeHash(digest, left, right));
}

/** The largest power of two below `size`, which is at least 2: where RFC 6962 splits a tree. */
export function splitOf(size: number): number {
  const half = 2 ** Math.floor(Math.log2(size));
  return half === size ? half / 2 : half;
}
