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
  /** What threads beside the requests took for each of them, by name; not in the figures above. */
  readonly beside: Readonly<Record<string, number>>;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function summary(name: string, rounds: readonly Round[]): Row {
  const of = (key: Exclude<keyof Round, 'beside'>): number[] => rounds.map((round) => round[key]);
  const costs = of('microsecondsPerRequest');
  return {
    name,
    microsecondsPerRequest: median(costs),
    spread: [Math.min(...costs), Math.max(...costs)],
    requestsPerSecond: median(of('requestsPerSecond')),
    p50Milliseconds: median(of('p50Milliseconds')),
    p99Milliseconds: median(of('p99Milliseconds')),
    residentMegabytes: median(of('residentMegabytes')),
    beside: besideOf(rounds),
  };
}

function besideOf(rounds: readonly Round[]): Readonly<Record<string, number>> {
  const names = new Set(rounds.flatMap(({ beside }) => [...(beside ?? new Map<string, number>()).keys()]));
  return Object.fromEntries([...names].map((name) => [name, median(rounds.map(({ beside }) => beside?.get(name) ?? 0))]));
}
