// Which kept form goes on without another click: at, under and over its time, and whose it is.

import { expect, test } from 'vitest';
import { goesStraight } from '../../../src/core/held/goes-straight.ts';

const at = 1_000_000;

test.each([
  ['at once', 'a', 'a', at, true],
  ['a millisecond before five minutes', 'a', 'a', at + 299_999, true],
  ['after five minutes', 'a', 'a', at + 300_000, false],
  ['before it was kept, because the clock was set back', 'a', 'a', at - 1, false],
  ['of another session', 'b', 'a', at, false],
  ['that waited for a sign-in', undefined, 'a', at, false],
])('%s', (_case, confirming, reference, now, expected) => {
  expect(goesStraight(confirming, reference, at, now)).toBe(expected);
});
