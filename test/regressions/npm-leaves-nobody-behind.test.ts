// `npm run demo` was stopped with a signal, and the demo went on, with its port: npm starts a command through a shell, passes
// the signal to that shell alone, and the shell ends without a word to what it started. Whoever npm runs now looks whether
// its parent is still there. A process that nobody's npm runs outlives its parent as before.

import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

interface Started {
  readonly shell: ChildProcessByStdio<null, Readable, null>;
  readonly gateway: string;
  readonly pid: number;
}

/** A shell that starts the demo and stays, as npm's does, and says the demo's process id. */
async function underShell(environment: Readonly<Record<string, string | undefined>>): Promise<Started> {
  const script = `'${process.execPath}' '${program}' demo --port 0 --json & echo $!; wait; true`;
  const env = { ...process.env, NODE_OPTIONS: '', ...environment };
  const shell = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], env });
  let said = '';
  shell.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const line = await eventually(() => /^\{.*\}$/m.exec(said)?.[0], 'the demo to say where it is', 20_000);
  return { shell, gateway: (JSON.parse(line) as { gateway: string }).gateway, pid: Number.parseInt(said, 10) };
}

/** Resolves once nobody holds the pipe any more: the shell and the demo are both gone. */
async function gone(shell: Started['shell']): Promise<void> {
  await once(shell, 'close');
}

test('the demo ends with the shell that npm started it in', async () => {
  const { shell, gateway } = await underShell({ npm_lifecycle_event: 'demo' });
  const ended = gone(shell);
  shell.kill('SIGTERM');
  await ended;
  await expect(fetch(gateway)).rejects.toThrow();
});

test('started without npm it goes on, until it is told itself', async () => {
  const { shell, gateway, pid } = await underShell({ npm_lifecycle_event: undefined });
  const ended = gone(shell);
  shell.kill('SIGTERM');
  await once(shell, 'exit');
  await expect(fetch(gateway, { redirect: 'manual' })).resolves.toMatchObject({ status: 401 });
  process.kill(pid, 'SIGTERM');
  await ended;
});
