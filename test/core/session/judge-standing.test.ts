// Locking, the end after a lock and the absolute limit, at, under and over; clocks that jump.

import { expect, test } from 'vitest';
import { judgeStanding } from '../../../src/core/session/judge-standing.ts';

const limits = { idleSeconds: 900, endAfterLockSeconds: 1800, absoluteSeconds: 43_200 };
const start = 1_000_000_000_000;
const active = (locksAt: number, endsAt = 43_200_000) => ({
  standing: 'active',
  locksAt: start + locksAt,
  endsAt: start + endsAt,
});
const locked = (since: number, endsAt: number) => ({ standing: 'locked', since: start + since, endsAt: start + endsAt });
const idle = { standing: 'ended', why: 'idle' };
const absolute = { standing: 'ended', why: 'absolute' };

test.each([
  ['just signed in', 0, 0, null, 0, active(900_000)],
  ['a millisecond under the idle limit', 0, 0, null, 899_999, active(900_000)],
  ['at the idle limit', 0, 0, null, 900_000, locked(900_000, 2_700_000)],
  ['over the idle limit', 0, 0, null, 900_001, locked(900_000, 2_700_000)],
  ['active lately', 0, 3_600_000, null, 3_600_001, active(4_500_000)],
  ['a millisecond before a lock has lasted too long', 0, 0, null, 2_699_999, locked(900_000, 2_700_000)],
  ['a lock that has lasted too long', 0, 0, null, 2_700_000, idle],
  ['locked by hand, however active it was', 0, 60_000, 60_000, 60_000, locked(60_000, 1_860_000)],
  ['a lock stays, whatever the limits have become', 0, 0, 500_000, 600_000, locked(500_000, 2_300_000)],
  ['locked by hand for too long', 0, 60_000, 60_000, 1_860_000, idle],
  ['locked shortly before the absolute limit', 0, 42_000_000, 42_900_000, 43_000_000, locked(42_900_000, 43_200_000)],
  ['active shortly before the absolute limit', 0, 42_900_000, null, 43_000_000, active(43_200_000)],
  ['a millisecond under the absolute limit', 0, 43_199_999, null, 43_199_999, active(43_200_000)],
  ['at the absolute limit, whatever the activity', 0, 43_200_000, null, 43_200_000, absolute],
  ['over both: the absolute one is named', 0, 0, null, 99_999_999, absolute],
  ['locked, and over the absolute limit', 0, 0, 900_000, 43_200_000, absolute],
  ['the clock was set back an hour', 0, 0, null, -3_600_000, active(-2_700_000, 39_600_000)],
  ['last activity in the future counts as now', 0, 7_200_000, null, 3_600_000, active(4_500_000)],
  ['locked in the future counts as now', 0, 0, 7_200_000, 3_600_000, locked(3_600_000, 5_400_000)],
])('%s', (_case, createdAt, lastActiveAt, lockedAt, now, expected) => {
  const session = {
    createdAt: start + createdAt,
    lastActiveAt: start + lastActiveAt,
    lockedAt: lockedAt === null ? null : start + lockedAt,
  };
  expect(judgeStanding(session, limits, start + now)).toEqual(expected);
});

test.each([
  ['before its end', 3_599_999, { standing: 'active', locksAt: start + 3_600_000, endsAt: start + 3_600_000 }],
  ['at its end', 3_600_000, { standing: 'ended', why: 'absolute' }],
])('a session without the provider ends when it was said to: %s', (_case, now, expected) => {
  const session = { createdAt: start, lastActiveAt: start + 3_500_000, lockedAt: null, emergencyUntil: start + 3_600_000 };
  expect(judgeStanding(session, limits, start + now)).toEqual(expected);
});
