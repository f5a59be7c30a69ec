// What is remembered keeps within its limit, the oldest going first.

import { expect, test } from 'vitest';
import { forgetOldest } from '../../src/core/forget-oldest.ts';

test.each([
  [3, ['a', 'b', 'c']],
  [2, ['b', 'c']],
])('at most %i', (most, left) => {
  const set = new Set(['a', 'b', 'c']);
  const map = new Map([...set].map((key) => [key, 1]));
  forgetOldest(set, most);
  forgetOldest(map, most);
  expect([[...set], [...map.keys()]]).toEqual([left, left]);
});
