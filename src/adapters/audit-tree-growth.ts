// The tree on its way: how far it has grown, which hashes wait for their tile to be whole, and the last checkpoint. It never
// signs a tree that the one signed before it is not the beginning of.

import type { KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TreeHead } from '../core/tree/consistency-proof.ts';
import { consistencyPath, isConsistent } from '../core/tree/consistency-proof.ts';
import { emptyFrontier, rootOf } from '../core/tree/frontier.ts';
import { leafHash, sameHash } from '../core/tree/node-hash.ts';
import { peaksOf } from '../core/tree/range-root.ts';
import { partialTiles, perfectRoot, tileWidth } from '../core/tree/tiles.ts';
import { openCheckpoint, signCheckpoint } from './audit-checkpoint.ts';
import type { SigningKey } from './audit-signing.ts';
import { contentOf, nodesIn, readTile, removePartials, sha256, writeTiles } from './audit-tree-files.ts';
import type { TileHashes } from './audit-tree-files.ts';
import { writeOwned } from './write-owned.ts';

/** While a large log is gone through, tiles do not gather in memory. */
const wholeTogether = 64;

export class TreeGrowth {
  readonly #directory: string;
  /** Names the log in its checkpoints. */
  readonly origin: string;
  #size = 0;
  /** Hashes of each level's last tile, from the leaves up: all that the root is made of. */
  #pending: Uint8Array[][] = [];
  /** Whole tiles that are not on the disk yet. */
  #whole: TileHashes[] = [];
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
    return this.#size;
  }

  get signedSize(): number {
    return this.#signed.size;
  }

  get root(): Uint8Array {
    return rootOver(this.#size, this.#pending);
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
    this.#size += 1;
    let up: Uint8Array = leaf;
    for (let level = 0; ; level += 1) {
      const hashes = (this.#pending[level] ??= []);
      hashes.push(up);
      if (hashes.length < tileWidth) return;
      this.#whole.push({ ...this.#wholeTile(level), hashes });
      if (this.#whole.length === wholeTogether) this.#write([]);
      up = perfectRoot(sha256, hashes);
      this.#pending[level] = [];
    }
  }

  /** Writes the tiles, then the checkpoint. Returns its text. `day` is `YYYY-MM-DD`, whose last checkpoint is kept. */
  sign(day: string, key: SigningKey): string {
    const head: TreeHead = { size: this.size, root: this.root };
    const partial = partialTiles(head.size).filter(({ width }) => width > 0);
    this.#write(partial.map((tile) => ({ ...tile, hashes: this.#pending[tile.level] ?? [] })));
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
    const pending: Uint8Array[][] = [];
    for (const tile of partialTiles(size)) {
      const hashes = tile.width === 0 ? [] : readTile(this.#directory, tile);
      if (hashes === null) return;
      pending.push([...hashes]);
    }
    if (!sameHash(rootOver(size, pending), root)) return;
    [this.#size, this.#pending] = [size, pending];
  }

  #write(partial: readonly TileHashes[]): void {
    writeTiles(this.#directory, [...this.#whole, ...partial]);
    this.#whole = [];
  }

  #wholeTile(level: number): Omit<TileHashes, 'hashes'> {
    return { level, index: Math.floor(this.size / tileWidth ** (level + 1)) - 1, width: tileWidth };
  }
}

/** From the hashes of each level's last tile. */
function rootOver(size: number, pending: readonly (readonly Uint8Array[])[]): Uint8Array {
  const peaks = pending.toReversed().flatMap((hashes) => {
    const read = (level: number, index: number) =>
      perfectRoot(sha256, hashes.slice(index * 2 ** level, (index + 1) * 2 ** level));
    return peaksOf(0, hashes.length, read);
  });
  return rootOf(sha256, { size, peaks });
}
