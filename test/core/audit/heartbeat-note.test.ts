import { expect, it } from 'vitest';
import { heartbeatNote } from '../../../src/core/audit/heartbeat-note.ts';

it.each([
  [0, 0, 0, 'first since the start, 0 heartbeats missed, 0 records dropped, clock 0 ms off since the start'],
  [41, 2, -1500, 'after heartbeat 41, 2 heartbeats missed, 0 records dropped, clock -1500 ms off since the start'],
])('after %i, %i missed, %i ms off', (after, missed, driftMilliseconds, note) => {
  expect(heartbeatNote({ after, missed, driftMilliseconds })).toBe(note);
});
