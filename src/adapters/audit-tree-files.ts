// The files of the tree beside the log: tiles as C2SP tlog-tiles lays them out, below `tree/`. A file is whole or not there,
// and nothing in a tile ever changes, so what a crash leaves is only written again.

import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashBytes } from '../core/tree/node-hash.ts';
import type { Digest } from '../core/tree/node-hash.ts';
import { perfectRoot, tilePartOf, tilePath, tileWidth } from '../core/tree/tiles.ts';
import type { Tile } from '../core/tree/tiles.ts';
import type { ReadNode } from '../core/tree/range-root.ts';
import { errorCode } from './audit-refused.ts';
import { writeOwnedTogether } from './write-owned.ts';

/** As a string on the way: each buffer that Node makes by itself is memory of its own, and there are two for every record. */
export const sha256: Digest = (bytes) => Buffer.from(hash('sha256', bytes, 'binary'), 'latin1');

/** The tree's own directory in that of the log. */
export function treeDirectory(auditDirectory: string): string {
  return join(auditDirectory, 'tree');
}

export interface TileHashes extends Tile {
  readonly hashes: readonly Uint8Array[];
}

export function writeTiles(directory: string, tiles: readonly TileHashes[]): void {
  const files = tiles.map((tile) => ({ path: join(directory, tilePath(tile)), bytes: Buffer.concat(tile.hashes) }));
  for (const { path } of files) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeOwnedTogether(files, directory);
}

/** The first `width` hashes of a tile, from the partial file or the whole one that replaced it; null where neither has them. */
export function readTile(directory: string, tile: Tile): readonly Uint8Array[] | null {
  for (const width of new Set([tile.width, tileWidth])) {
    const bytes = contentOf(join(directory, tilePath({ ...tile, width })));
    if (bytes !== null && bytes.length === width * hashBytes) return hashesIn(bytes).slice(0, tile.width);
  }
  return null;
}

/** Removes the partial tiles of an earlier tree that a later one has replaced. */
export function removePartials(directory: string, before: readonly Tile[], now: readonly Tile[]): void {
  for (const tile of before) {
    const current = now.find(({ level }) => level === tile.level);
    if (tile.width === 0 || current === undefined || tilePath(current) === tilePath(tile)) continue;
    const path = join(directory, tilePath(tile));
    rmSync(current.index === tile.index ? path : dirname(path), { recursive: true, force: true });
  }
}

/** Nodes of the tree with `size` leaves. Throws where a tile is missing. Keeps the tile read last. */
export function nodesIn(directory: string, size: number): ReadNode {
  let kept: { readonly path: string; readonly hashes: readonly Uint8Array[] } | null = null;
  return (level, index) => {
    const { tile, from, count } = tilePartOf(level, index, size);
    const path = tilePath(tile);
    const hashes = kept?.path === path ? kept.hashes : readTile(directory, tile);
    if (hashes === null || hashes.length < from + count) throw new Error(`"${join(directory, path)}" is missing or cut short`);
    kept = { path, hashes };
    return perfectRoot(sha256, hashes.slice(from, from + count));
  };
}

/** Null where there is no such file. Throws other system errors. */
export function contentOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return null;
    throw cause;
  }
}

function hashesIn(bytes: Buffer): Uint8Array[] {
  return Array.from({ length: bytes.length / hashBytes }, (_none, at) => bytes.subarray(at * hashBytes, (at + 1) * hashBytes));
}
