// Shows that a tree is an earlier one with leaves added behind it and nothing else (RFC 9162, 2.1.4).

import { nodeHash, sameHash } from './node-hash.ts';
import type { Digest } from './node-hash.ts';
import { rangeRoot, splitOf } from './range-root.ts';
import type { ReadNode } from './range-root.ts';

/** From the tree of the first `before` leaves to that of `size`; empty where there is nothing to show. */
export function consistencyPath(digest: Digest, before: number, size: number, read: ReadNode): Uint8Array[] {
  if (before === 0 || before === size) return [];
  const path: Uint8Array[] = [];
  let [start, end] = [0, size];
  while (end !== before) {
    const middle = start + splitOf(end - start);
    if (before <= middle) {
      path.unshift(rangeRoot(digest, middle, end, read));
      end = middle;
    } else {
      path.unshift(rangeRoot(digest, start, middle, read));
      start = middle;
    }
  }
  // The earlier root itself is known where the walk stayed at the left edge.
  return start === 0 ? path : [rangeRoot(digest, start, end, read), ...path];
}

export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

export function isConsistent(digest: Digest, before: TreeHead, after: TreeHead, path: readonly Uint8Array[]): boolean {
  if (before.size > after.size) return false;
  if (before.size === 0) return path.length === 0;
  if (before.size === after.size) return path.length === 0 && sameHash(before.root, after.root);
  const isPerfect = 2 ** Math.floor(Math.log2(before.size)) === before.size;
  const [first, ...rest] = isPerfect ? [before.root, ...path] : path;
  // With a perfect tree before it, an empty path ends below with nodes left over.
  if (first === undefined) return false;
  return climbs(digest, before, after, first, rest);
}

function climbs(digest: Digest, before: TreeHead, after: TreeHead, first: Uint8Array, rest: readonly Uint8Array[]): boolean {
  let [node, last] = [before.size - 1, after.size - 1];
  while (node % 2 === 1) [node, last] = [(node - 1) / 2, Math.floor(last / 2)];
  let [old, now] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [old, now] = [nodeHash(digest, sibling, old), nodeHash(digest, sibling, now)];
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      now = nodeHash(digest, now, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && sameHash(old, before.root) && sameHash(now, after.root);
}
