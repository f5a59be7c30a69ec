// What is left of an anchor's checkpoints as they grow old.

import { describe, expect, it } from 'vitest';
import { prunedAnchors } from '../../../src/core/tree/prune-anchors.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 23);
const file = (age: number) => ({ name: String(age), at: now - age });

describe('an anchor', () => {
  it.each<[string, number[], number[]]>([
    ['is empty', [], []],
    ['keeps all of two days', [2 * day - 1, hour, 2 * minute, minute], []],
    ['keeps the last of each hour then', [3 * day, 3 * day - 10 * minute, 3 * day - hour, 0], [3 * day]],
    [
      'keeps the last of each day in the end',
      [40 * day, 40 * day - hour, 40 * day - 2 * hour, 39 * day, 0],
      [40 * day - hour, 40 * day],
    ],
    ['never loses its newest, however old', [41 * day, 41 * day - hour], [41 * day]],
    ['keeps one that is alone', [400 * day], []],
  ])('%s', (_what, ages, pruned) => {
    expect(prunedAnchors(ages.map(file), now)).toEqual(pruned.map(String));
  });
});
