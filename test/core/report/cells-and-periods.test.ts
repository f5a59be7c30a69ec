// How a value of a report is written for people and for programs, and what a period is by the clinic's clock.

import { describe, expect, test } from 'vitest';
import { cellTexts, isSortedAsNumber, plainCell } from '../../../src/core/report/cell-text.ts';
import type { Cell, ColumnType } from '../../../src/core/report/report.ts';
import { offHours } from '../../../src/core/report/off-hours.ts';
import { lastMonth, monthPeriod, spanPeriod } from '../../../src/core/report/report-period.ts';

const chicago = 'America/Chicago';
const noon = Date.parse('2026-10-05T17:00:00Z');

describe('a value', () => {
  const text = cellTexts(chicago, { yes: 'yes', no: 'no', locale: 'en-US' });
  test.each<[Cell, ColumnType, string]>([
    [null, 'text', '–'],
    [true, 'yes-no', 'yes'],
    [false, 'yes-no', 'no'],
    ['ada', 'person', 'ada'],
    [noon, 'time', '2026-10-05 12:00:00'],
    [1234567, 'number', '1,234,567'],
    [1234567, 'record', '1234567'],
    [0, 'bytes', '0 B'],
    [1023, 'bytes', '1,023 B'],
    [1536, 'bytes', '1.5 KiB'],
    [5 * 1024 ** 5, 'bytes', '5,120 TiB'],
    [0, 'duration', '0 s'],
    [400, 'duration', '0.4 s'],
    [10_000, 'duration', '10 s'],
    [200_000, 'duration', '3 min 20 s'],
    [3_600_000, 'duration', '1 h'],
    [3_605_000, 'duration', '1 h'],
    [90_061_000, 'duration', '1 d 1 h'],
  ])('%s of type %s reads "%s"', (value, type, reads) => {
    expect(text(value, type)).toBe(reads);
  });

  test.each<[Cell, ColumnType, Cell]>([
    [noon, 'time', '2026-10-05T17:00:00.000Z'],
    [noon, 'number', noon],
    [null, 'time', null],
  ])('%s of type %s is %s for a program', (value, type, plain) => {
    expect(plainCell(value, type)).toBe(plain);
  });

  test('is sorted as a number where it is one', () => {
    expect([isSortedAsNumber('bytes'), isSortedAsNumber('text')]).toEqual([true, false]);
  });
});

describe('a period', () => {
  const iso = (period: { since: number; until: number } | null) =>
    period === null ? null : [period.since, period.until].map((time) => new Date(time).toISOString());

  test.each`
    month        | span
    ${'2026-10'} | ${['2026-10-01T05:00:00.000Z', '2026-11-01T05:00:00.000Z']}
    ${'2026-11'} | ${['2026-11-01T05:00:00.000Z', '2026-12-01T06:00:00.000Z']}
    ${'2026-12'} | ${['2026-12-01T06:00:00.000Z', '2027-01-01T06:00:00.000Z']}
    ${'2026-13'} | ${null}
    ${'october'} | ${null}
  `('$month, over the end of summer time too', ({ month, span }: { month: string; span: string[] | null }) => {
    expect(iso(monthPeriod(month, chicago))).toEqual(span);
  });

  test.each`
    from            | to              | span
    ${'2026-10-31'} | ${'2026-11-01'} | ${['2026-10-31T05:00:00.000Z', '2026-11-02T06:00:00.000Z']}
    ${'2026-10-31'} | ${'2026-10-30'} | ${null}
    ${'2026-10-31'} | ${''}           | ${null}
    ${'2026-02-30'} | ${'x'}          | ${null}
  `('from $from to $to', ({ from, to, span }: { from: string; to: string; span: string[] | null }) => {
    expect(iso(spanPeriod(from, to, chicago))).toEqual(span);
  });

  test.each`
    now                       | month
    ${'2026-11-01T04:59:59Z'} | ${'2026-09'}
    ${'2026-11-01T05:00:00Z'} | ${'2026-10'}
    ${'2027-01-15T00:00:00Z'} | ${'2026-12'}
  `('is the month before where nothing is said: $now', ({ now, month }: { now: string; month: string }) => {
    expect(lastMonth(Date.parse(now), chicago).month).toBe(month);
  });
});

describe('outside opening hours', () => {
  const hours = [{ days: [1, 2, 3, 4, 5], fromMinute: 420, toMinute: 1140 }];
  test.each`
    time                      | isOff
    ${'2026-10-05T11:59:00Z'} | ${true}
    ${'2026-10-05T12:00:00Z'} | ${false}
    ${'2026-10-05T23:59:00Z'} | ${false}
    ${'2026-10-06T00:00:00Z'} | ${true}
    ${'2026-10-04T17:00:00Z'} | ${true}
  `('$time: $isOff', ({ time, isOff }: { time: string; isOff: boolean }) => {
    expect(offHours(hours, chicago)?.(Date.parse(time))).toBe(isOff);
  });

  test('cannot be told without hours', () => {
    expect(offHours([], chicago)).toBeNull();
  });
});
