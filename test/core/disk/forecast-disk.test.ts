// The forecast of a full disk, by rows of looks an hour apart.

import { expect, test } from 'vitest';
import { forecastDisk } from '../../../src/core/disk/forecast-disk.ts';
import type { DiskLook } from '../../../src/core/disk/forecast-disk.ts';

const hour = 3_600_000;
const gigabyte = 1e9;

/** A look each hour, `free` in gigabytes by the hour. */
function looks(hours: number, free: (hour: number) => number): DiskLook[] {
  return Array.from({ length: hours + 1 }, (_, at) => ({ at: at * hour, freeBytes: free(at) * gigabyte }));
}

test.each([
  ['no look', []],
  ['one look', looks(0, () => 1)],
  ['looks of less than six hours', looks(5, (at) => 100 - at)],
])('%s: unknown', (_case, rows) => {
  expect(forecastDisk(rows)).toEqual({ kind: 'unknown' });
});

test.each([
  ['nothing changes', looks(6, () => 50), 50],
  ['room is gained', looks(48, (at) => 50 + at), 98],
  ['a file comes and goes', looks(48, (at) => (at === 20 ? 10 : 50)), 50],
  ['looks at one moment', [...looks(0, () => 9), ...looks(6, () => 9)], 9],
])('%s: steady', (_case, rows, free) => {
  expect(forecastDisk(rows)).toEqual({ kind: 'steady', freeBytes: free * gigabyte });
});

test.each([
  ['a gigabyte an hour', looks(6, (at) => 100 - at), 24, 94 / 24],
  ['half a gigabyte a day for a week', looks(7 * 24, (at) => 10 - at / 48), 0.5, 13],
  ['faster since yesterday', looks(7 * 24, (at) => (at <= 144 ? 100 : 100 - (at - 144))), 24, 76 / 24],
  ['in the middle somebody made room', looks(96, (at) => (at < 48 ? 20 : 50) - at / 24), 1, 46],
  ['the gateway slept for two days', [looks(0, () => 50), { at: 48 * hour, freeBytes: 40 * gigabyte }].flat(), 5, 8],
  ['nothing is left', looks(12, (at) => 12 - at), 24, 0],
])('%s: filling', (_case, rows, perDay, days) => {
  const forecast = forecastDisk(rows);
  expect(forecast.kind).toBe('filling');
  if (forecast.kind !== 'filling') return;
  expect(forecast.bytesPerDay / gigabyte).toBeCloseTo(perDay, 6);
  expect(forecast.days).toBeCloseTo(days, 6);
});

test('a backup of five gigabytes each night is about five gigabytes a day, and not a hundred', () => {
  const forecast = forecastDisk(looks(7 * 24, (at) => 200 - 5 * Math.floor((at + 20) / 24)));
  expect(forecast.kind === 'filling' && forecast.bytesPerDay / gigabyte).toBeGreaterThan(4);
  expect(forecast.kind === 'filling' && forecast.bytesPerDay / gigabyte).toBeLessThan(8);
});
