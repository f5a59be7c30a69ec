// How many accesses of each role are looked at, and with which seed they are drawn.

import { expect, test } from 'vitest';
import { mostSampled, sampleSizes, seedOf } from '../../../src/core/report/sample-sizes.ts';

test.each`
  counts              | sizes           | wanted
  ${[]}               | ${[]}           | ${0}
  ${[3]}              | ${[3]}          | ${3}
  ${[4, 2]}           | ${[4, 2]}       | ${6}
  ${[100]}            | ${[10]}         | ${10}
  ${[900, 100]}       | ${[9, 1]}       | ${10}
  ${[1000]}           | ${[10]}         | ${10}
  ${[1001]}           | ${[11]}         | ${11}
  ${[5000, 4990, 10]} | ${[50, 49, 1]}  | ${100}
  ${[997, 1, 1, 1]}   | ${[9, 1, 1, 1]} | ${10}
  ${[60_000, 40_000]} | ${[300, 200]}   | ${1000}
`('$counts accesses by role: $sizes', ({ counts, sizes, wanted }: { counts: number[]; sizes: number[]; wanted: number }) => {
  const drawn = sampleSizes(counts.map((count, at) => ({ roles: at === 0 ? null : `role ${at}`, count })));
  expect(drawn.sizes.map(({ size }) => size)).toEqual(sizes);
  expect(drawn.wanted).toBe(wanted);
  expect(drawn.sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(mostSampled);
});

test('no role is drawn more often than it did something', () => {
  const counts = [7, 1, 1, 1, 1];
  const { sizes } = sampleSizes(counts.map((count, at) => ({ roles: String(at), count })));
  expect(sizes.every(({ size }, at) => size <= (counts[at] ?? 0))).toBe(true);
});

test.each`
  root            | seed
  ${'00000102ff'} | ${16}
  ${'ffffffffff'} | ${268_435_455}
  ${'0000000fff'} | ${1}
  ${null}         | ${1}
`('of root $root the seed is $seed', ({ root, seed }: { root: string | null; seed: number }) => {
  expect(seedOf(root)).toBe(seed);
});
