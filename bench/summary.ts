// What several rounds against one target come to: medians, and how far they lay apart.

import type { Round } from './measure.ts';

export interface Row {
  readonly name: string;
  readonly microsecondsPerRequest: number;
  readonly spread: readonly [number, number];
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly residentMegabytes: number;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function summary(name: string, rounds: readonly Round[]): Row {
  const of = (key: keyof Round): number[] => rounds.map((round) => round[key]);
  const costs = of('microsecondsPerRequest');
  return {
    name,
    microsecondsPerRequest: median(costs),
    spread: [Math.min(...costs), Math.max(...costs)],
    requestsPerSecond: median(of('requestsPerSecond')),
    p50Milliseconds: median(of('p50Milliseconds')),
    p99Milliseconds: median(of('p99Milliseconds')),
    residentMegabytes: median(of('residentMegabytes')),
  };
}

/** The rows as a table for people; costs are also given as multiples of the first row's. */
export function table(rows: readonly Row[]): string {
  const bare = rows[0]?.microsecondsPerRequest ?? Number.NaN;
  const head = ['', 'µs/request', 'spread', '× bare', 'req/s', 'p50 ms', 'p99 ms', 'RSS MB'];
  const lines = rows.map((row) => [
    row.name,
    row.microsecondsPerRequest.toFixed(1),
    `${row.spread[0].toFixed(0)}–${row.spread[1].toFixed(0)}`,
    (row.microsecondsPerRequest / bare).toFixed(2),
    row.requestsPerSecond.toFixed(0),
    row.p50Milliseconds.toFixed(1),
    row.p99Milliseconds.toFixed(1),
    row.residentMegabytes.toFixed(0),
  ]);
  const widths = [42, 12, 14, 9, 9, 8, 8, 8];
  return [head, ...lines]
    .map((cells) => cells.map((cell, at) => (at === 0 ? cell.padEnd(42) : cell.padStart(widths[at] ?? 8))).join(''))
    .join('\n');
}
