// When the clinic heard that somebody goes, as people write it.

import { expect, test } from 'vitest';
import { noticeTime } from '../../../src/core/control/notice-time.ts';

const now = Date.parse('2026-11-30T18:00:00Z');
const zone = 'America/Chicago';

test.each<readonly [string | undefined, string | null]>([
  [undefined, null],
  ['  ', null],
  ['2026-11-30T09:00', '2026-11-30T15:00:00.000Z'],
  ['2026-11-30 09:00:30', '2026-11-30T15:00:30.000Z'],
  ['2026-07-01T09:00', '2026-07-01T14:00:00.000Z'],
  ['2026-11-30T09:00Z', '2026-11-30T09:00:00.000Z'],
  ['2026-11-30T09:00:00.5+01:00', '2026-11-30T08:00:00.500Z'],
])('%j is %s', (text, at) => {
  expect(noticeTime(text, zone, now)).toEqual({ ok: true, at: at === null ? null : Date.parse(at) });
});

test.each([
  ['yesterday', /is written as/],
  ['2026-02-31T99:00', /is written as/],
  ['2026-11-30', /is written as/],
  ['2026-11-30T12:01', /still to come/],
])('%j is refused', (text, why) => {
  expect(noticeTime(text, zone, now)).toEqual({ ok: false, why: expect.stringMatching(why) as string });
});
