// The first number from which on something holds, found with few questions.

import { expect, test } from 'vitest';
import { firstHolding } from '../../src/core/first-holding.ts';

test.each([
  [0, 1, 1],
  [0, 100, 1],
  [0, 100, 57],
  [0, 100, 100],
  [-60, 60, -59],
  [-60, 60, 0],
  [-60, 60, 60],
])('between %i and %i it is %i', (below, from, first) => {
  const asked: number[] = [];
  const holds = (at: number): boolean => {
    asked.push(at);
    return at >= first;
  };
  expect(firstHolding(below, from, holds)).toBe(first);
  expect(asked.length).toBeLessThanOrEqual(7);
  expect(asked.filter((at) => at <= below || at >= from)).toEqual([]);
});
