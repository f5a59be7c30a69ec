// What single threads of a process have used, by the names that they carry, as Linux tells it in /proc.

import { readdirSync } from 'node:fs';
import { microsecondsPerTick, readOrEmpty, ticksOf } from './process-tree.ts';

/** Name → microseconds of all threads of that name; a name that no thread carries is left out. */
export function threadTimes(pid: number, names: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const stat = readOrEmpty(`/proc/${pid}/task/${thread}/stat`);
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    if (names.includes(name)) times.set(name, (times.get(name) ?? 0) + ticksOf(stat) * microsecondsPerTick);
  }
  return times;
}
