// When the clinic is closed, across days, months and the two changes of the clock.

import { expect, test } from 'vitest';
import { clinicTime } from '../../../src/adapters/clinic-time.ts';
import { closedWindows } from '../../../src/core/report/closed-windows.ts';

function clockIn(timezone: string) {
  const time = clinicTime(timezone);
  return (at: number) => time.localTime(at);
}

const weekdays = [{ days: [1, 2, 3, 4, 5], fromMinute: 7 * 60, toMinute: 19 * 60 }];
const shown = (timezone: string, since: string, until: string, hours = weekdays) =>
  closedWindows({ since: Date.parse(since), until: Date.parse(until) }, hours, clockIn(timezone)).map((one) => [
    new Date(one.since).toISOString().slice(0, 16),
    new Date(one.until).toISOString().slice(0, 16),
  ]);

test('a night', () => {
  expect(shown('UTC', '2026-10-05T12:00Z', '2026-10-06T12:00Z')).toEqual([['2026-10-05T19:00', '2026-10-06T07:00']]);
});

test('a weekend is one window, and so is the border of a month within it', () => {
  expect(shown('UTC', '2026-10-30T12:00Z', '2026-11-02T12:00Z')).toEqual([['2026-10-30T19:00', '2026-11-02T07:00']]);
});

test('a period that begins and ends while it is closed cuts the window', () => {
  expect(shown('UTC', '2026-10-05T20:00Z', '2026-10-05T22:00Z')).toEqual([['2026-10-05T20:00', '2026-10-05T22:00']]);
  expect(shown('UTC', '2026-10-05T20:00:30Z', '2026-10-06T12:00Z')).toEqual([['2026-10-05T20:00', '2026-10-06T07:00']]);
});

test.each([
  ['open all the time', [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 1440 }], []],
  ['without hours nobody can tell', [], []],
  [
    'the other way round: a night clinic',
    [{ days: [1], fromMinute: 20 * 60, toMinute: 4 * 60 }],
    [
      ['2026-10-05T12:00', '2026-10-05T20:00'],
      ['2026-10-06T04:00', '2026-10-06T12:00'],
    ],
  ],
])('%s', (_case, hours, expected) => {
  expect(shown('UTC', '2026-10-05T12:00Z', '2026-10-06T12:00Z', hours)).toEqual(expected);
});

test.each([
  ['an hour longer in autumn', '2026-10-31T12:00Z', '2026-11-01T20:00Z', '2026-11-01T00:00', '2026-11-01T13:00'],
  ['an hour shorter in spring', '2026-03-07T12:00Z', '2026-03-08T20:00Z', '2026-03-08T01:00', '2026-03-08T12:00'],
])('in Chicago a night is %s', (_case, since, until, from, to) => {
  const daily = [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 7 * 60, toMinute: 19 * 60 }];
  expect(shown('America/Chicago', since, until, daily)).toContainEqual([from, to]);
});

test('a zone that is three quarters of an hour off', () => {
  expect(shown('Asia/Kathmandu', '2026-10-05T06:00Z', '2026-10-06T06:00Z')).toEqual([['2026-10-05T13:15', '2026-10-06T01:15']]);
});

test('a year is asked for in the wall clock once a quarter of an hour', () => {
  let asked = 0;
  const localTime = clockIn('America/Chicago');
  const counted = (at: number) => {
    asked += 1;
    return localTime(at);
  };
  const windows = closedWindows({ since: Date.UTC(2026, 0, 1), until: Date.UTC(2027, 0, 1) }, weekdays, counted);
  expect(windows).toHaveLength(261);
  expect(asked).toBe(365 * 96);
});
