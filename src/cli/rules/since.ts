// Reads `--since 7d`: how far back the record is read.

import { readDuration } from '../../config/quantity.ts';
import { UsageProblem } from '../usage-problem.ts';

export const defaultSince = '7d';

/** Epoch milliseconds. */
export function sinceWhen(text: string, now: number): number {
  const read = readDuration(text);
  if ('problem' in read) throw new UsageProblem(`Option --since "${text}" ${read.problem}`);
  return Math.max(0, now - read.value * 1000);
}
