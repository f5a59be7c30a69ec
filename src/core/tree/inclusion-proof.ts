// Shows that one record stands in a tree, with as many hashes as the tree is high (RFC 9162, 2.1.3).

import { nodeHash, sameHash } from './node-hash.ts';
import type { Digest } from './node-hash.ts';
import { rangeRoot, splitOf } from './range-root.ts';
import type { ReadNode } from './range-root.ts';

/** From the leaf's sibling up to the root's child. `index` is below `size`. */
export function inclusionPath(digest: Digest, index: number, size: number, read: ReadNode): Uint8Array[] {
  const path: Uint8Array[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      path.unshift(rangeRoot(digest, middle, end, read));
      end = middle;
    } else {
      path.unshift(rangeRoot(digest, start, middle, read));
      start = middle;
    }
  }
  return path;
}

export interface Inclusion {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
}

export function isIncluded(digest: Digest, { leaf, index, size, root, path }: Inclusion): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(digest, sibling, hash);
      // A node at the right edge has no sibling until it is somebody's right child.
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(digest, hash, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && sameHash(hash, root);
}
