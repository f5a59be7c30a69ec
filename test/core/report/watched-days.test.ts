// How complete the record of each day is.

import { expect, test } from 'vitest';
import { heartbeatNote } from '../../../src/core/audit/heartbeat-note.ts';
import { anchoredUntil, watchedDay } from '../../../src/core/report/watched-days.ts';
import { told } from '../../support/told.ts';

const count = (event: string | null, decision: string | null, number: number) => ({ event, decision, count: number });

test('counts by kind, and how many heartbeats are due', () => {
  const counts = [
    count('heartbeat', null, 15),
    count('heartbeat', null, 14),
    count('outcome', 'allowed', 3),
    count('outcome', 'observed', 2),
    count('attempt', 'allowed', 1),
    count('attempt', 'refused', 1),
    count('outcome', 'refused', 2),
    count('refusal', 'refused', 4),
    count('sign-in', 'allowed', 5),
    count(null, null, 1),
  ];
  expect(watchedDay({ day: '2026-11-01', milliseconds: 90_000_000, counts })).toEqual({
    day: '2026-11-01',
    requests: 6,
    refusals: 7,
    others: 6,
    heartbeats: 29,
    due: 1500,
  });
});

test('a day of nothing', () => {
  const none = { day: '2026-11-02', requests: 0, refusals: 0, others: 0, heartbeats: 0 };
  expect(watchedDay({ day: '2026-11-02', milliseconds: 90_000, counts: [] })).toEqual({ ...none, due: 1 });
});

test.each([
  ['anchored', 8, 92_000],
  ['unanchored', null, null],
])('%s', (_case, anchorAgeSeconds, expected) => {
  const beat = {
    after: 0,
    missed: 0,
    requests: 0,
    refusals: 0,
    records: 0,
    sessions: 0,
    treeSize: 9,
    driftMilliseconds: 0,
    step: null,
  };
  expect(anchoredUntil(told('heartbeat', 100_000, null, { detail: heartbeatNote({ ...beat, anchorAgeSeconds }) }))).toBe(
    expected,
  );
});

test.each([null, told('heartbeat', 1, null, { detail: 'other words' }), told('heartbeat', 1, null)])(
  'nothing to read it from',
  (beat) => {
    expect(anchoredUntil(beat)).toBeNull();
  },
);
