// The tree over the beginning of the log: its root when it had so many records, from the tiles beside the log. It works beside a
// running gateway, and anybody computes the same from the records alone.

import { peaksOf } from '../core/tree/range-root.ts';
import { rootOf } from '../core/tree/frontier.ts';
import { nodesIn, sha256, treeDirectory } from './audit-tree-files.ts';

/** `signed` is the size of a signed checkpoint. Hex; null where that does not cover so many. Throws where a tile is missing. */
export function treeAt(directory: string, signed: number, size: number): { readonly size: number; readonly root: string } | null {
  if (size > signed) return null;
  const root = rootOf(sha256, { size, peaks: peaksOf(0, size, nodesIn(treeDirectory(directory), signed)) });
  return { size, root: Buffer.from(root).toString('hex') };
}
