// What the bench says was reached: at, under and over each limit, and never for what was not measured.

import { expect, test } from 'vitest';
import { atLeast } from '../../bench/goals.ts';
import { costGoals } from '../../bench/parts/cost.ts';
import { printed } from '../../bench/print.ts';
import { summary } from '../../bench/summary.ts';

const row = (microsecondsPerRequest: number, p99Milliseconds = 1) =>
  summary('a target', [
    { microsecondsPerRequest, p99Milliseconds, requestsPerSecond: 1000, p50Milliseconds: 1, residentMegabytes: 100 },
  ]);

const met = (gateway: number, express: number, addedP99: number) =>
  costGoals([row(100), row(express), row(gateway)], [row(100, 1), row(gateway, 1 + addedP99)]).map((goal) => goal.met);

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

test.each([
  [0.9, true],
  [0.91, true],
  [0.899, false],
  [Number.NaN, false],
])('a goal of at least 0.9 at %s', (measured, reached) => {
  expect(atLeast('4', 'share of the rate', measured, 0.9)).toMatchObject({ what: 'share of the rate, at least', met: reached });
});

const rows = [
  row(100),
  row(150),
  { name: 'start', value: 0.71, unit: 's', under: 'Start-up' },
  { name: 'a peer', missing: '/usr/bin/peer', under: 'Peers' },
];
const goals = [atLeast('4', 'share of the rate', 0.95, 0.9)];

test('the table gives the cost as a multiple of the first row, each heading its own table, and the goals', () => {
  expect(printed(rows, goals, false)).toMatch(
    /150\.0\s+150–150\s+1\.50\s[^]*\nStart-up:\n\nstart\s+0\.71 s\n[^]*not found: \/usr\/bin\/peer\n[^]*share of the rate, at least\s+0\.95\s+0\.9\s+met$/,
  );
});

test('the same as Markdown is tables and nothing else that would be drawn otherwise', () => {
  const lines = printed(rows, goals, true).split('\n');
  expect(lines).toContain('| a target | 150.0 | 150–150 | 1.50 | 1000 | 1.0 | 1.0 | 100 |');
  expect(lines).toContain('**Peers**');
  expect(lines.filter((line) => line !== '' && !/^\|.*\|$|^\*\*.*\*\*$/.test(line))).toEqual([]);
});
