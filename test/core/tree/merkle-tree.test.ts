// The tree against the vectors that Certificate Transparency's implementations share, and against the definition of RFC 6962
// written out as the RFC does.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consistencyPath, isConsistent } from '../../../src/core/tree/consistency-proof.ts';
import { emptyFrontier, grow, rootOf } from '../../../src/core/tree/frontier.ts';
import type { Frontier } from '../../../src/core/tree/frontier.ts';
import { inclusionPath, isIncluded } from '../../../src/core/tree/inclusion-proof.ts';
import { leafHash, nodeHash } from '../../../src/core/tree/node-hash.ts';
import { partialTiles, perfectRoot, tilePartOf, tilePath } from '../../../src/core/tree/tiles.ts';

const digest = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const vectors = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
] as const;

const leaves = Array.from({ length: 300 }, (_none, at) => leafHash(digest, Buffer.from(`record ${at}`)));
const at = (index: number): Uint8Array => leaves[index] ?? new Uint8Array();

/** MTH and PATH as RFC 6962 defines them. */
function naiveRoot(from: number, to: number): Uint8Array {
  if (to - from === 0) return digest(new Uint8Array());
  if (to - from === 1) return at(from);
  let half = 1;
  while (half * 2 < to - from) half *= 2;
  return nodeHash(digest, naiveRoot(from, from + half), naiveRoot(from + half, to));
}

const read = (level: number, index: number): Uint8Array => naiveRoot(index * 2 ** level, (index + 1) * 2 ** level);

function grown(size: number): Frontier {
  return leaves.slice(0, size).reduce((tree, leaf) => grow(digest, tree, leaf), emptyFrontier);
}

const size = fc.integer({ min: 1, max: leaves.length });
const flipped = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes, (byte, place) => (place === 7 ? byte ^ 1 : byte));

describe('the tree hash', () => {
  it('is that of the published vectors', () => {
    let tree = emptyFrontier;
    expect(hex(rootOf(digest, tree))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (const [leaf, root] of vectors) {
      tree = grow(digest, tree, leafHash(digest, Buffer.from(leaf, 'hex')));
      expect(hex(rootOf(digest, tree))).toBe(root);
    }
  });

  it.each([
    [0, 0],
    [31, 32],
    [33, 31],
    [64, 64],
  ])('of a node is that of its parts also where they are no hashes: %i and %i bytes', (left, right) => {
    const [one, other] = [Buffer.alloc(left, 7), Buffer.alloc(right, 8)];
    expect(hex(nodeHash(digest, one, other))).toBe(hex(digest(Buffer.concat([Buffer.of(1), one, other]))));
  });

  it('is the naive one at every size', () => {
    let tree = emptyFrontier;
    for (const [index, leaf] of leaves.entries()) {
      tree = grow(digest, tree, leaf);
      expect(hex(rootOf(digest, tree))).toBe(hex(naiveRoot(0, index + 1)));
    }
  });
});

describe('an inclusion proof', () => {
  it('holds for its record and for no other place, size, hash or root', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), (total, pick, other) => {
        const index = pick % total;
        const root = rootOf(digest, grown(total));
        const path = inclusionPath(digest, index, total, read);
        const proof = { leaf: at(index), index, size: total, root, path };
        expect(isIncluded(digest, proof)).toBe(true);
        expect(isIncluded(digest, { ...proof, leaf: flipped(at(index)) })).toBe(false);
        expect(isIncluded(digest, { ...proof, root: flipped(root) })).toBe(false);
        expect(isIncluded(digest, { ...proof, path: [...path, root] })).toBe(false);
        expect(isIncluded(digest, { ...proof, path: path.slice(0, -1) })).toBe(path.length === 0);
        const elsewhere = other % total;
        expect(isIncluded(digest, { ...proof, index: elsewhere })).toBe(elsewhere === index);
      }),
      { numRuns: 60 },
    );
  });

  it.each([-1, 1, 0.5, Number.NaN])('never holds at place %s of a tree of one', (index) => {
    expect(isIncluded(digest, { leaf: at(0), index, size: 1, root: at(0), path: [] })).toBe(false);
  });

  it('takes a root of another length for another one', () => {
    expect(isIncluded(digest, { leaf: at(0), index: 0, size: 1, root: at(0).subarray(1), path: [] })).toBe(false);
  });
});

describe('a consistency proof', () => {
  it('holds between every two sizes below seventy', () => {
    for (let total = 0; total < 70; total += 1) {
      const after = { size: total, root: naiveRoot(0, total) };
      for (let before = 0; before <= total; before += 1) {
        const path = consistencyPath(digest, before, total, read);
        expect(isConsistent(digest, { size: before, root: naiveRoot(0, before) }, after, path)).toBe(true);
      }
    }
  });

  it('does not hold where anything of it was changed', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), (total, pick, place) => {
        const before = { size: 1 + (pick % total), root: rootOf(digest, grown(1 + (pick % total))) };
        const after = { size: total, root: rootOf(digest, grown(total)) };
        const path = consistencyPath(digest, before.size, total, read);
        const damaged = path.map((hash, at_) => (at_ === place % path.length ? flipped(hash) : hash));
        expect(isConsistent(digest, before, after, damaged)).toBe(path.length === 0);
        expect(isConsistent(digest, { ...before, root: flipped(before.root) }, after, path)).toBe(false);
        expect(isConsistent(digest, before, { ...after, root: flipped(after.root) }, path)).toBe(false);
        expect(isConsistent(digest, before, after, [...path, after.root])).toBe(false);
        expect(isConsistent(digest, before, after, path.slice(0, -1))).toBe(path.length === 0);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a tree that shrank', 3, 2, []],
    ['something before nothing', 0, 2, [at(0)]],
    ['no path where one is due', 3, 5, []],
  ])('does not hold for %s', (_what, before, after, path) => {
    const [old, now] = [before, after].map((total) => ({ size: total, root: naiveRoot(0, total) }));
    expect(old !== undefined && now !== undefined && isConsistent(digest, old, now, path)).toBe(false);
  });
});

describe('tiles', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 1, index: 67, width: 112 }, 'tile/1/067.p/112'],
    [{ level: 0, index: 1000, width: 1 }, 'tile/0/x001/000.p/1'],
  ])('%j lies in its place', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
  });

  it.each([
    [0, []],
    [70_000, [[0, 273, 112], [1, 1, 17], [2, 0, 1]]],
    [65_536, [[0, 256, 0], [1, 1, 0], [2, 0, 1]]],
    [3, [[0, 0, 3]]],
  ])('a tree of %i ends in its partial tiles', (total, tiles) => {
    expect(partialTiles(total).map(({ level, index, width }) => [level, index, width])).toEqual(tiles);
  }); // prettier-ignore

  it.each([
    [0, 256, 257, { tile: { level: 0, index: 1, width: 1 }, from: 0, count: 1 }],
    [7, 1, 70_000, { tile: { level: 0, index: 0, width: 256 }, from: 128, count: 128 }],
    [8, 256, 70_000, { tile: { level: 1, index: 1, width: 17 }, from: 0, count: 1 }],
    [9, 3, 70_000, { tile: { level: 1, index: 0, width: 256 }, from: 6, count: 2 }],
  ])('node %i/%i of a tree of %i is found in its tile', (level, index, total, part) => {
    expect(tilePartOf(level, index, total)).toEqual(part);
  });

  it.each([1, 2, 4, 8, 256])('%i hashes give their root', (count) => {
    expect(hex(perfectRoot(digest, leaves.slice(0, count)))).toBe(hex(naiveRoot(0, count)));
  });

  it('no hash gives the root of nothing', () => {
    expect(hex(perfectRoot(digest, []))).toBe(hex(naiveRoot(0, 0)));
  });
});
