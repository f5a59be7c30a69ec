// What one decision takes over ten thousand rules, for several kinds of address.

import { startTarget } from './measure.ts';
import { median } from './summary.ts';

export interface Decision {
  /** Which kind of address. */
  readonly name: string;
  /** Of the thread's processor time. */
  readonly microseconds: number;
}

interface Decided {
  readonly figures: readonly { readonly name: string; readonly rounds: readonly number[] }[];
}

export async function decisions(rounds: number): Promise<readonly Decision[]> {
  const target = await startTarget('decide', './targets/decide.ts', ['10000', String(rounds)]);
  target.stop();
  const { figures } = target.ready as unknown as Decided;
  return figures.map(({ name, rounds: taken }) => ({ name, microseconds: median(taken) }));
}
