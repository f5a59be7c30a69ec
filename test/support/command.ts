// Runs the `wardgate` command as a process of its own, so that a test can kill it, signal it and read what it said.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from './demo-story.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Command {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
  /** Sends the signal and waits for the end. */
  readonly end: (signal?: NodeJS.Signals) => Promise<Ended>;
}

const running = new Set<ChildProcess>();

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The command of another version; this one's by default. */
  readonly program?: string;
  /** Flags of Node itself. */
  readonly flags?: readonly string[];
}

export function command(args: readonly string[], options: CommandOptions = {}): Command {
  const child = spawn(process.execPath, [...(options.flags ?? []), options.program ?? program, ...args], {
    cwd: options.cwd ?? root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
  });
  running.add(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  const end = (signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> => {
    child.kill(signal);
    return ended;
  };
  return { pid: child.pid ?? 0, child, stdout: () => said.stdout, stderr: () => said.stderr, ended, end };
}

/**
 * How long a gateway may take to open: about a second of computing, which among six other tests on two cores has taken more
 * than twenty. It is there to notice one that never opens.
 */
const openMilliseconds = 60_000;

/** The gateway as a process; resolves once it has said itself that it listens, so that the listener is this one. */
export async function gatewayProcess(configFile: string, options: CommandOptions = {}): Promise<Command> {
  const started = command(['start', '--config', configFile], options);
  let gone = false;
  void started.ended.then(() => (gone = true));
  await eventually(() => gone || started.stdout().includes('The gateway is open'), 'the gateway to open', openMilliseconds);
  if (gone) throw new Error(`The gateway ended: ${started.stdout()}${started.stderr()}`);
  return started;
}

/** Kills what a failed test has left; for `afterEach` or `afterAll`. */
export async function endCommands(): Promise<void> {
  for (const child of running) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  }
  running.clear();
}
