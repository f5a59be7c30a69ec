// Takes a turn among all gateways of the clinic for what must not be done by two of them at once. One that is alone has it already.

import type { SharedTurns } from '../shared-ports.ts';

/** Longer than any step takes; whoever waits that long is told that it cannot be done now. */
const times = { waitMilliseconds: 15_000, holdMilliseconds: 120_000 };

/** `name` says what is done, and to what: no name of a person. Rejects with Fault `session-store-unavailable` where there is none. */
export async function amongGateways<T>(turns: SharedTurns | undefined, name: string, work: () => Promise<T>): Promise<T> {
  return turns === undefined ? work() : turns.run(name, work, times);
}
