// Waits until a process has nothing to do any more, such as an index that follows a long record.

import { setTimeout as wait } from 'node:timers/promises';
import { usageOfTree } from './process-tree.ts';

const longestSeconds = 300;
/** Of one processor. What looks at the clock goes on. */
const idleShare = 0.05;

export async function quiet(pid: number): Promise<void> {
  const until = performance.now() + longestSeconds * 1000;
  while (performance.now() < until) {
    const before = usageOfTree(pid).cpuMicroseconds;
    await wait(2000);
    if (usageOfTree(pid).cpuMicroseconds - before < idleShare * 2_000_000) return;
  }
  throw new Error(`A process was still busy after ${longestSeconds} seconds, so what it costs alone cannot be told`);
}
