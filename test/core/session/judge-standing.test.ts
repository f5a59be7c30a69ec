// Idle and absolute limits at, under and over; clocks that jump.

import { expect, test } from 'vitest';
import { judgeStanding } from '../../../src/core/session/judge-standing.ts';

const limits = { idleSeconds: 900, absoluteSeconds: 43_200 };
const start = 1_000_000_000_000;
const active = { standing: 'active' };
const idle = { standing: 'ended', why: 'idle' };
const absolute = { standing: 'ended', why: 'absolute' };

test.each([
  ['just signed in', 0, 0, 0, active],
  ['a millisecond under the idle limit', 0, 0, 899_999, active],
  ['at the idle limit', 0, 0, 900_000, idle],
  ['over the idle limit', 0, 0, 900_001, idle],
  ['active lately', 0, 3_600_000, 3_600_001, active],
  ['a millisecond under the absolute limit', 0, 43_199_999, 43_199_999, active],
  ['at the absolute limit, whatever the activity', 0, 43_200_000, 43_200_000, absolute],
  ['over both: the absolute one is named', 0, 0, 99_999_999, absolute],
  ['the clock was set back an hour', 0, 0, -3_600_000, active],
  ['last activity in the future counts as now', 0, 7_200_000, 3_600_000, active],
])('%s', (_case, createdAt, lastActiveAt, now, expected) => {
  expect(judgeStanding({ createdAt: start + createdAt, lastActiveAt: start + lastActiveAt }, limits, start + now)).toEqual(
    expected,
  );
});
