// What the bench says was reached: at, under and over each limit, and never for what was not measured.

import { expect, test } from 'vitest';
import { goals } from '../../bench/goals.ts';
import { summary, table } from '../../bench/summary.ts';

const row = (microsecondsPerRequest: number, p99Milliseconds = 1) =>
  summary('a target', [
    { microsecondsPerRequest, p99Milliseconds, requestsPerSecond: 1000, p50Milliseconds: 1, residentMegabytes: 100 },
  ]);

const met = (gateway: number, express: number, addedP99: number) =>
  goals({
    bare: row(100),
    express: row(express),
    gateway: row(gateway),
    bareAtHalf: row(100, 1),
    gatewayAtHalf: row(gateway, 1 + addedP99),
  }).map((goal) => goal.met);

test.each([
  ['at every limit', 115, 210, 1.5, [true, true, true]],
  ['under them', 90, 200, -1, [true, true, true]],
  ['over the bare one', 115.1, 300, 0, [false, true, true]],
  ['over the assembly', 110, 199, 0, [true, false, true]],
  ['over the wait', 100, 200, 1.51, [true, true, false]],
  ['without a figure', Number.NaN, 200, 0, [false, false, true]],
])('%s', (_what, gateway, express, addedP99, expected) => {
  expect(met(gateway, express, addedP99)).toEqual(expected);
});

test('the table gives the cost as a multiple of the first row', () => {
  expect(table([row(100), row(150)])).toMatch(/150\.0\s+150–150\s+1\.50\s/);
});
