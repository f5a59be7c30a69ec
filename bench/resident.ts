// What the kernel says a process holds in memory (proc(5)). Linux alone tells the peak, and forgets it on demand.

import { readFileSync, writeFileSync } from 'node:fs';

export interface Resident {
  readonly megabytes: number;
  /** The most since `forgetPeak`, or since its start. */
  readonly peakMegabytes: number;
}

export function resident(pid: number): Resident {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { megabytes: field(text, 'VmRSS'), peakMegabytes: field(text, 'VmHWM') };
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function field(text: string, name: string): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  if (kibibytes === undefined) throw new Error(`The kernel does not tell ${name} of the process`);
  return (Number(kibibytes) * 1024) / 1e6;
}
