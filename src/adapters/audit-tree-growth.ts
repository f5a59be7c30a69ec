// The tree on its way: how far it has grown, which hashes wait for their tile to be whole, and the last checkpoint. It never
// signs a tree that the one signed before it is not the beginning of.

import type { KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TreeHead } from '../core/tree/consistency-proof.ts';
import { consistencyPath, isConsistent } from '../core/tree/consistency-proof.ts';
import { emptyFrontier, grow, rootOf } from '../core/tree/frontier.ts';
import type { Frontier } from '../core/tree/frontier.ts';
import { leafHash, sameHash } from '../core/tree/node-hash.ts';
import { peaksOf } from '../core/tree/range-root.ts';
import { partialTiles, perfectRoot, tileWidth } from '../core/tree/tiles.ts';
import type { Tile } from '../core/tree/tiles.ts';
import { openCheckpoint, signCheckpoint } from './audit-checkpoint.ts';
import type { SigningKey } from './audit-signing.ts';
import { contentOf, nodesIn, readTile, removePartials, sha256, writeTile } from './audit-tree-files.ts';
import { writeOwned } from './write-owned.ts';

export class TreeGrowth {
  readonly #directory: string;
  /** Names the log in its checkpoints. */
  readonly origin: string;
  #frontier: Frontier = emptyFrontier;
  /** Hashes of each level's last tile, from the leaves up. */
  #pending: Uint8Array[][] = [];
  #signed: TreeHead = { size: 0, root: rootOf(sha256, emptyFrontier) };

  /** Goes on where the last checkpoint ends, or from the beginning where its tiles are lost. Throws where it is not ours. */
  constructor(directory: string, origin: string, keys: readonly KeyObject[]) {
    this.#directory = directory;
    this.origin = origin;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const content = contentOf(join(directory, 'checkpoint'));
    if (content === null) return;
    const opened = openCheckpoint(content.toString('utf8'), origin, keys);
    if (typeof opened === 'string') throw new Error(`"${join(directory, 'checkpoint')}" cannot be gone on from: ${opened}`);
    this.#signed = opened;
    this.#resume(opened);
  }

  get size(): number {
    return this.#frontier.size;
  }

  get signedSize(): number {
    return this.#signed.size;
  }

  get root(): Uint8Array {
    return rootOf(sha256, this.#frontier);
  }

  /** The root when it had that many records, which a checkpoint covers. Throws where a tile is missing. */
  rootAt(size: number): Uint8Array {
    return rootOf(sha256, { size, peaks: peaksOf(0, size, nodesIn(this.#directory, this.#signed.size)) });
  }

  /** `record` is the line without its newline. */
  add(record: Uint8Array): void {
    this.addLeaf(leafHash(sha256, record));
  }

  /** The hash of a record that was let go. */
  addLeaf(leaf: Uint8Array): void {
    this.#frontier = grow(sha256, this.#frontier, leaf);
    let up: Uint8Array = leaf;
    for (let level = 0; ; level += 1) {
      const hashes = (this.#pending[level] ??= []);
      hashes.push(up);
      if (hashes.length < tileWidth) return;
      writeTile(this.#directory, this.#wholeTile(level), hashes);
      up = perfectRoot(sha256, hashes);
      this.#pending[level] = [];
    }
  }

  /** Writes the tiles, then the checkpoint. Returns its text. `day` is `YYYY-MM-DD`, whose last checkpoint is kept. */
  sign(day: string, key: SigningKey): string {
    const head: TreeHead = { size: this.size, root: this.root };
    for (const tile of partialTiles(head.size)) {
      if (tile.width > 0) writeTile(this.#directory, tile, this.#pending[tile.level] ?? []);
    }
    this.#refuseFork(head);
    const content = signCheckpoint(this.origin, key, head);
    writeOwned(join(this.#directory, 'checkpoint'), Buffer.from(content), this.#directory);
    mkdirSync(join(this.#directory, 'checkpoints'), { recursive: true, mode: 0o700 });
    writeOwned(join(this.#directory, 'checkpoints', `${day}.txt`), Buffer.from(content), this.#directory);
    removePartials(this.#directory, partialTiles(this.#signed.size), partialTiles(head.size));
    this.#signed = head;
    return content;
  }

  #refuseFork(head: TreeHead): void {
    const { size } = this.#signed;
    const path = size > head.size ? [] : consistencyPath(sha256, size, head.size, nodesIn(this.#directory, head.size));
    if (isConsistent(sha256, this.#signed, head, path)) return;
    throw new Error(`the log is no longer the one that the checkpoint of ${size} records covers`);
  }

  #resume({ size, root }: TreeHead): void {
    const tiles = partialTiles(size);
    const pending = tiles.map((tile) => (tile.width === 0 ? [] : readTile(this.#directory, tile)));
    if (pending.includes(null)) return;
    const read = nodesIn(this.#directory, size);
    let peaks: Uint8Array[];
    try {
      peaks = peaksOf(0, size, read);
    } catch {
      return;
    }
    if (!sameHash(rootOf(sha256, { size, peaks }), root)) return;
    this.#frontier = { size, peaks };
    this.#pending = pending.map((hashes) => [...(hashes ?? [])]);
  }

  #wholeTile(level: number): Tile {
    return { level, index: Math.floor(this.size / tileWidth ** (level + 1)) - 1, width: tileWidth };
  }
}
