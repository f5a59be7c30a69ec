// Several targets in turn, round after round, so that whatever else the machine does hits all of them alike.

import { measure } from './measure.ts';
import type { Round, Target } from './measure.ts';
import type { Setting } from './part.ts';
import { summary } from './summary.ts';
import type { Row } from './summary.ts';

type Rounds = Omit<Setting, 'machine'>;

/** A Node program is slow until its code has been compiled, which takes requests and not seconds. */
const warmUpRequests = 20_000;

/** Rows in the order of the targets. Without a rate they are asked as fast as they answer, after a warm-up. */
export async function interleaved(targets: readonly Target[], setting: Rounds, ratePerSecond?: number): Promise<readonly Row[]> {
  const { rounds, seconds, connections } = setting;
  if (ratePerSecond === undefined) for (const target of targets) await warmUp(target, setting);
  const measured = new Map<Target, Round[]>(targets.map((target) => [target, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const target of targets) measured.get(target)?.push(await measure(target, seconds, connections, ratePerSecond));
  }
  return targets.map((target) => summary(target.name, measured.get(target) ?? []));
}

async function warmUp(target: Target, { connections, warmUpSeconds }: Rounds): Promise<void> {
  let answered = 0;
  for (let second = 0; second < warmUpSeconds && answered < warmUpRequests; second += 1) {
    answered += (await measure(target, 1, connections)).requestsPerSecond;
  }
}
