// What the record shows of sessions nobody used.

import { expect, test } from 'vitest';
import { lockEvidence, percentile } from '../../../src/core/report/lock-evidence.ts';
import { describeActivity, freshActivity } from '../../../src/core/session/activity.ts';
import { told } from '../../support/told.ts';

const at = Date.parse('2026-10-05T08:00:00Z');
const placeOf = ({ device }: { device: string | null }) => device ?? 'no known device';

function locked(idle: number, fields: object = {}) {
  const detail = `${describeActivity(freshActivity('sign-in'), at)}; locked since ${new Date(at + idle).toISOString()}`;
  return told('locked', at + idle + 5000, 'nurse', { reason: 'idle', device: 'WS-1', detail, ...fields });
}

test('counts by place, and how long nobody was there', () => {
  const rows = lockEvidence(
    [
      ...Array.from({ length: 99 }, () => locked(300_000)),
      locked(900_000),
      locked(1, { device: null }),
      told('unlocked', at, 'nurse', { device: 'WS-1' }),
      told('unlock-failed', at, 'nurse', { device: 'WS-1' }),
      told('session-ended', at, 'nurse', { device: 'WS-1', reason: 'idle' }),
      told('session-ended', at, 'nurse', { device: 'WS-1', reason: 'absolute' }),
      told('session-ended', at, 'nurse', { device: 'WS-1', reason: 'signed-out' }),
      told('sign-in', at, 'nurse', { device: 'WS-1' }),
    ],
    placeOf,
  );
  expect(rows).toEqual([
    { place: 'WS-1', locks: 100, idleP50: 300_000, idleP99: 300_000, idleLongest: 900_000, unlocked: 1, unlockFailed: 1, endedIdle: 1, endedLongest: 1 },
    { place: 'no known device', locks: 1, idleP50: 1, idleP99: 1, idleLongest: 1, unlocked: 0, unlockFailed: 0, endedIdle: 0, endedLongest: 0 },
  ]); // prettier-ignore
});

test.each([
  ['a lock for another reason', { reason: 'roles-stale' }],
  ['a record of before it said since when', { detail: describeActivity(freshActivity('sign-in'), at) }],
  ['a record that says nothing', { detail: null }],
])('%s counts, and tells no time', (_case, fields) => {
  expect(lockEvidence([locked(300_000, fields)], placeOf)).toMatchObject([
    { locks: 1, idleP50: null, idleP99: null, idleLongest: null },
  ]);
});

test('places with as many locks stand by their names, and a clock that went back makes no time below nothing', () => {
  const rows = lockEvidence([locked(-5000, { device: 'b' }), locked(1, { device: 'a' }), locked(1, { device: 'c' })], placeOf);
  expect(rows.map(({ place, idleP50 }) => [place, idleP50])).toEqual([['a', 1], ['b', 0], ['c', 1]]); // prettier-ignore
});

test('nothing on record is nothing', () => {
  expect(lockEvidence([], placeOf)).toEqual([]);
});

test.each([
  [[], 0.5, null],
  [[7], 0.01, 7],
  [[7], 0.99, 7],
  [[1, 2, 3, 4], 0.5, 2],
  [[1, 2, 3, 4], 0.99, 4],
  [[1, 2, 3, 4], 0, 1],
])('of %j the share %d is %j', (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected);
});
