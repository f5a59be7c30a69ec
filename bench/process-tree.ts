// What a program has used up with all of its processes, as Linux tells it in /proc: that of dead children counts too, once
// their parent has asked for them.

import { readFileSync, readdirSync } from 'node:fs';
import type { Usage } from './measure.ts';

/** `getconf CLK_TCK` is 100 on every Linux that Node runs on. */
export const microsecondsPerTick = 10_000;

/** The process and all below it. Zeros where it has ended. */
export function usageOfTree(root: number): Usage {
  const processes = treeOf(root);
  return {
    cpuMicroseconds: processes.reduce((sum, { ticks }) => sum + ticks, 0) * microsecondsPerTick,
    residentBytes: processes.reduce((sum, { pid }) => sum + shareOfMemory(pid), 0),
  };
}

/** Their numbers, the root first. */
export function pidsOfTree(root: number): readonly number[] {
  return treeOf(root).map(({ pid }) => pid);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

function treeOf(root: number): readonly Process[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readStat(Number(name)) : []));
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

function readStat(pid: number): readonly Process[] {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return stat === '' ? [] : [{ pid, parent: Number(fieldsOf(stat)[1]), ticks: ticksOf(stat) }];
}

/** Of a process or a thread; a process counts its dead children too. */
export function ticksOf(stat: string): number {
  return fieldsOf(stat)
    .slice(11, 15)
    .reduce((sum, field) => sum + Number(field), 0);
}

/** proc(5): behind the name in brackets come the third field, the state, the parent, and as 14 to 17 the times. */
function fieldsOf(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Pages that several processes share count for each of them in part, so that a program of many processes is not overcharged. */
function shareOfMemory(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

/** A process may end between being listed and being read. */
export function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
