// One round of load against one target: processor time per request of the target's process, requests per second, p50
// and p99. The target runs in a process of its own; the load comes from another.

import { fork } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import autocannon from 'autocannon';
import { steadyLoad } from './steady-load.ts';
import type { SteadyResult } from './steady-load.ts';
import type { Ready } from './targets/report.ts';

export interface Round {
  readonly microsecondsPerRequest: number;
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly residentMegabytes: number;
  /** Of work that is done beside the requests, in microseconds for each of them, and in none of the figures above. */
  readonly beside?: ReadonlyMap<string, number>;
}

/** What the process of a target, with all of its threads and children, has used up so far. */
export interface Usage {
  readonly cpuMicroseconds: number;
  readonly residentBytes: number;
  /** Microseconds of threads that are told apart, by name; not in the figure above. */
  readonly beside?: ReadonlyMap<string, number>;
}

export interface Target {
  readonly name: string;
  readonly ready: Ready;
  usage(): Promise<Usage>;
  /** Called before each round, for those whose session wants it. */
  refresh?(): Promise<void>;
  stop(): void | Promise<void>;
}

export interface ForkedTarget extends Target {
  readonly child: ChildProcess;
  stop(): void;
}

/** Starts a target file and waits until it says where it listens. What it prints goes to standard error. `flags` are Node's. */
export function startTarget(
  name: string,
  file: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<ForkedTarget> {
  const stdio: StdioOptions = ['ignore', 2, 'inherit', 'ipc'];
  const child = fork(new URL(file, import.meta.url), [...args], { stdio, execArgv: [...flags] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Target "${name}" ended with code ${code} before it was ready`)));
    child.on('message', (message: Ready) => {
      if ('ready' in message) resolve({ name, ready: message, child, usage: () => usage(child), stop: () => child.disconnect() });
    });
  });
}

function usage(child: ChildProcess): Promise<Usage> {
  return new Promise((resolve) => {
    child.once('message', resolve);
    child.send('usage');
  });
}

/**
 * Loads the target for some seconds, as fast as it answers or at a rate. Throws when an answer is not 200: then something else
 * was measured. A target that has no processor to answer with has an endless cost.
 */
export async function measure(target: Target, seconds: number, connections: number, ratePerSecond?: number): Promise<Round> {
  await target.refresh?.();
  const before = await target.usage();
  const load = { target, seconds, connections };
  const seen = ratePerSecond === undefined ? await fullLoad(load) : await evenLoad(load, ratePerSecond);
  const after = await target.usage();
  if (seen.failed > 0) throw new Error(`Target "${target.name}" gave ${seen.failed} answers other than 200, or none`);
  const beside = [...(after.beside ?? [])].map(
    ([name, time]) => [name, (time - (before.beside?.get(name) ?? 0)) / seen.answered] as const,
  );
  return {
    microsecondsPerRequest: (after.cpuMicroseconds - before.cpuMicroseconds) / seen.answered,
    requestsPerSecond: seen.answered / seen.seconds,
    p50Milliseconds: seen.p50Milliseconds,
    p99Milliseconds: seen.p99Milliseconds,
    residentMegabytes: after.residentBytes / 1e6,
    beside: new Map(beside),
  };
}

interface Load {
  readonly target: Target;
  readonly seconds: number;
  readonly connections: number;
}

async function fullLoad({ target: { ready }, seconds, connections }: Load): Promise<SteadyResult> {
  const url = `http://127.0.0.1:${ready.port}${ready.path}`;
  const result = await autocannon({ url, connections, duration: seconds, headers: ready.headers });
  return {
    answered: result['2xx'],
    failed: result.non2xx + result.errors,
    seconds: result.duration,
    p50Milliseconds: result.latency.p50,
    p99Milliseconds: result.latency.p99,
  };
}

function evenLoad({ target: { ready }, seconds, connections }: Load, ratePerSecond: number): Promise<SteadyResult> {
  const { port, path, headers } = ready;
  return steadyLoad({ origin: `http://127.0.0.1:${port}`, path, headers, connections, ratePerSecond, seconds });
}
