// How a tree lies in files: C2SP tlog-tiles, 256 hashes a file. A tile of level L holds the roots of perfect subtrees of
// 256^L leaves; what lies between two levels is computed from a tile. It names files and never opens one.

import { nodeHash } from './node-hash.ts';
import type { Digest } from './node-hash.ts';

export const tileWidth = 256;
const levelsInTile = 8;

export interface Tile {
  readonly level: number;
  readonly index: number;
  /** Hashes in it; below 256 for the last one of its level. */
  readonly width: number;
}

/** Which hashes of which tile give a node of the tree with `size` leaves. */
export interface TilePart {
  readonly tile: Tile;
  readonly from: number;
  readonly count: number;
}

/** `tile/0/x001/x234/067`, a partial one with `.p/<width>` behind it. */
export function tilePath({ level, index, width }: Tile): string {
  const groups: string[] = [];
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    const digits = String(rest % 1000).padStart(3, '0');
    groups.unshift(groups.length === 0 ? digits : `x${digits}`);
  }
  return `tile/${level}/${groups.join('/')}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** The last, partial tile of each level, from the leaves up; width 0 where that level ends with a whole one. */
export function partialTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let [level, hashes] = [0, size]; hashes > 0; [level, hashes] = [level + 1, Math.floor(hashes / tileWidth)]) {
    tiles.push({ level, index: Math.floor(hashes / tileWidth), width: hashes % tileWidth });
  }
  return tiles;
}

export function tilePartOf(level: number, index: number, size: number): TilePart {
  const tileLevel = Math.floor(level / levelsInTile);
  const count = 2 ** (level % levelsInTile);
  const first = index * count;
  const tileIndex = Math.floor(first / tileWidth);
  const hashes = Math.floor(size / tileWidth ** tileLevel);
  const width = Math.min(tileWidth, hashes - tileIndex * tileWidth);
  return { tile: { level: tileLevel, index: tileIndex, width }, from: first % tileWidth, count };
}

/** The root over hashes whose number is a power of two. */
export function perfectRoot(digest: Digest, hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) row = rowAbove(digest, row);
  return row[0] ?? digest(new Uint8Array());
}

function rowAbove(digest: Digest, row: readonly Uint8Array[]): readonly Uint8Array[] {
  const above: Uint8Array[] = [];
  let left: Uint8Array | null = null;
  for (const hash of row) {
    if (left !== null) above.push(nodeHash(digest, left, hash));
    left = left === null ? hash : null;
  }
  return above;
}
