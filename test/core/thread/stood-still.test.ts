// How long the thread stood still, by two clocks of different grain.

import { expect, test } from 'vitest';
import { stoodStill } from '../../../src/core/thread/stood-still.ts';

test.each([
  ['nothing out of the way', { monotonic: 100, sinceBoot: 100 }, 100],
  ['a thread that was kept busy, or a process that was stopped', { monotonic: 1500, sinceBoot: 1500 }, 1500],
  ['a machine that slept', { monotonic: 100, sinceBoot: 3_600_100 }, 3_600_100],
  ['a clock that tells whole seconds', { monotonic: 100, sinceBoot: 1000 }, 100],
  ['the same, at the edge', { monotonic: 100, sinceBoot: 2100 }, 100],
  ['just over it', { monotonic: 100, sinceBoot: 2101 }, 2101],
  ['a clock since the start of the machine that does not move', { monotonic: 100, sinceBoot: 0 }, 100],
])('%s', (_what, later, expected) => {
  const before = { monotonic: 7000, sinceBoot: 9000 };
  const now = { monotonic: 7000 + later.monotonic, sinceBoot: 9000 + later.sinceBoot };
  expect(stoodStill(before, now)).toBe(expected);
});
