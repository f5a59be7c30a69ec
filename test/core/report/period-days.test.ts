// Days by the clinic's wall clock.

import { expect, test } from 'vitest';
import { periodDays } from '../../../src/core/report/period-days.ts';

const hour = 3_600_000;
const days = (timezone: string, since: string, until: string, most = 400) =>
  periodDays({ since: Date.parse(since), until: Date.parse(until) }, timezone, most).map((one) => [
    one.day,
    (one.until - one.since) / hour,
  ]);

test.each([
  ['the day the clock goes back', 'America/Chicago', '2026-11-01T05:00Z', '2026-11-03T06:00Z', [['2026-11-01', 25], ['2026-11-02', 24]]],
  ['the day it goes forward', 'America/Chicago', '2026-03-08T06:00Z', '2026-03-09T05:00Z', [['2026-03-08', 23]]],
  ['a period that cuts its days', 'UTC', '2026-10-31T12:00Z', '2026-11-01T06:00Z', [['2026-10-31', 12], ['2026-11-01', 6]]],
  ['the border of a year, far in the east', 'Pacific/Kiritimati', '2026-12-31T09:00Z', '2026-12-31T11:00Z', [['2026-12-31', 1], ['2027-01-01', 1]]],
  ['no time at all', 'UTC', '2026-10-31T00:00Z', '2026-10-31T00:00Z', []],
])('%s', (_case, timezone, since, until, expected) => {
  expect(days(timezone, since, until)).toEqual(expected);
}); // prettier-ignore

test('are no more than asked for', () => {
  expect(days('UTC', '2026-01-01T00:00Z', '2027-01-01T00:00Z')).toHaveLength(365);
  expect(days('UTC', '2026-01-01T00:00Z', '2027-01-01T00:00Z', 3)).toHaveLength(3);
});
