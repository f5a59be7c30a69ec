import { expect, it } from 'vitest';
import { heartbeatNote, readHeartbeatNote, stepOf } from '../../../src/core/audit/heartbeat-note.ts';
import type { Heartbeat } from '../../../src/core/audit/heartbeat-note.ts';

const quiet: Heartbeat = {
  after: 0,
  missed: 0,
  requests: 0,
  refusals: 0,
  records: 0,
  sessions: 0,
  treeSize: 0,
  anchorAgeSeconds: null,
  driftMilliseconds: 0,
  step: null,
};
const busy: Heartbeat = {
  after: 41,
  missed: 2,
  requests: 412,
  refusals: 3,
  records: 827,
  sessions: 14,
  treeSize: 123_456,
  anchorAgeSeconds: 8,
  driftMilliseconds: -1500,
  step: { milliseconds: -1500, time: '2026-11-23T10:00:00.000Z' },
};

it.each([
  [
    quiet,
    'first since the start, 0 heartbeats missed, 0 records dropped; since then 0 requests, 0 refusals, 0 records; 0 sessions; tree of 0 records, unanchored; clock 0 ms off since the start, never set',
  ],
  [
    busy,
    'after heartbeat 41, 2 heartbeats missed, 0 records dropped; since then 412 requests, 3 refusals, 827 records; 14 sessions; tree of 123456 records, anchored 8 s ago; clock -1500 ms off since the start, last set by -1500 ms at 2026-11-23T10:00:00.000Z',
  ],
])('a heartbeat is read back as it was written', (beat, note) => {
  expect(heartbeatNote(beat)).toBe(note);
  expect(readHeartbeatNote(note)).toEqual(beat);
});

it('other words are none', () => {
  expect(readHeartbeatNote('alive')).toBeNull();
});

it.each([
  [0, 999, null],
  [0, 1000, { milliseconds: 1000, time: 't' }],
  [5000, 3000, { milliseconds: -2000, time: 't' }],
])('a drift from %i to %i ms', (before, now, step) => {
  expect(stepOf(before, now, 't', null)).toEqual(step);
});

it('a step stays known until the next', () => {
  expect(stepOf(0, 10, 't', { milliseconds: 5000, time: 'before' })).toEqual({ milliseconds: 5000, time: 'before' });
});
