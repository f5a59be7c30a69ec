// Target 6: from the start of the program to the answer "ready", with few rules and with ten thousand, and how long requests
// stand still while ten thousand are read again.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/demo/free-port.ts';
import { atMost } from '../goals.ts';
import { startTarget } from '../measure.ts';
import type { Target } from '../measure.ts';
import { order, startSized } from '../orders.ts';
import type { Found, Setting } from '../part.ts';
import { shippedFlags } from '../shipped-flags.ts';
import { median } from '../summary.ts';
import { usageOfTree } from '../process-tree.ts';
import { writeSizedFiles } from '../targets/sized-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const many = 10_000;
const longestSeconds = 120;
const askEveryMilliseconds = 20;

export async function starting({ rounds }: Setting): Promise<Found> {
  const upstream = await startTarget('ehr', './targets/ehr.ts', []);
  try {
    const command = await builtProgram();
    const starts = Math.min(rounds, 3);
    const few = await readyAfter(command, 200, starts, upstream.ready.port);
    const full = await readyAfter(command, many, starts, upstream.ready.port);
    return found(few, full, await reloads(starts, upstream.ready.port));
  } finally {
    upstream.stop();
  }
}

function found(few: Start, full: Start, reloaded: Reload): Found {
  const under = 'Starting, and reading the rules again';
  const figure = (name: string, value: number, unit: string) => ({ name, value, unit, under });
  return {
    rows: [
      figure('ready after its start, 200 rules', few.seconds, 's'),
      figure('the same, processor time', few.processorSeconds, 's'),
      figure(`ready after its start, ${many} rules`, full.seconds, 's'),
      figure('the same, processor time', full.processorSeconds, 's'),
      figure(`reading ${many} rules again`, reloaded.seconds, 's'),
      figure('the longest that the request thread stood still meanwhile', reloaded.stoodMilliseconds, 'ms'),
      figure('the slowest request meanwhile', reloaded.slowest, 'ms'),
      figure('the slowest request of as long a time before', reloaded.slowestBefore, 'ms'),
    ],
    goals: [
      atMost('6a', 'ready with 200 rules, seconds', few.seconds, 1),
      atMost('6b', 'ready with 10,000 rules, seconds', full.seconds, 3),
      atMost('6c', 'reading 10,000 rules again, seconds', reloaded.seconds, 2),
      atMost('6d', 'what that adds to the slowest request, ms', reloaded.slowest - reloaded.slowestBefore, 20),
    ],
  };
}

interface Start {
  readonly seconds: number;
  /** What the machine could do about it at best. */
  readonly processorSeconds: number;
}

/** What the image and the service run. */
async function builtProgram(): Promise<string> {
  const builder = join(root, 'node_modules/rolldown/bin/cli.mjs');
  const child = spawn(process.execPath, [builder, '-c', 'rolldown.config.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The program could not be built: code ${code ?? 0}`);
  return join(root, 'dist/cli/main.js');
}

/** From the first instruction on. */
async function readyAfter(command: string, rules: number, starts: number, upstream: number): Promise<Start> {
  const taken: Start[] = [];
  for (let at = 0; at < starts; at += 1) {
    const directory = mkdtempSync(join(tmpdir(), 'wardgate-bench-'));
    const healthPort = await freePort();
    const file = writeSizedFiles(directory, { upstream, rules, healthPort });
    const began = performance.now();
    const child = spawn(process.execPath, [...shippedFlags, command, 'start', '--config', file], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    try {
      await untilReady(child, healthPort);
      taken.push({
        seconds: (performance.now() - began) / 1000,
        processorSeconds: usageOfTree(child.pid ?? 0).cpuMicroseconds / 1e6,
      });
    } finally {
      const ended = child.exitCode === null ? once(child, 'exit') : null;
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    }
  }
  return {
    seconds: median(taken.map(({ seconds }) => seconds)),
    processorSeconds: median(taken.map((one) => one.processorSeconds)),
  };
}

async function untilReady(child: ChildProcess, healthPort: number): Promise<void> {
  const until = performance.now() + longestSeconds * 1000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The gateway ended with code ${child.exitCode} before it was ready`);
    const reply = await fetch(`http://127.0.0.1:${healthPort}/readyz`).catch(() => null);
    await reply?.body?.cancel();
    if (reply?.status === 200) return;
    if (performance.now() > until) throw new Error(`The gateway was not ready within ${longestSeconds} seconds`);
    await wait(askEveryMilliseconds);
  }
}

interface Reload {
  readonly seconds: number;
  readonly stoodMilliseconds: number;
  readonly slowest: number;
  readonly slowestBefore: number;
}

interface Carried {
  readonly milliseconds: number;
  readonly stoodMilliseconds: number;
}

/** Requests go on all the while, few enough that none waits for another. */
async function reloads(times: number, upstream: number): Promise<Reload> {
  const gateway = await startSized('Wardgate', { upstream, rules: many });
  try {
    await slowestWhile(gateway, () => wait(3000));
    const taken: Reload[] = [];
    for (let at = 0; at < times; at += 1) {
      let carried: Carried = { milliseconds: Number.NaN, stoodMilliseconds: Number.NaN };
      const slowest = await slowestWhile(gateway, async () => {
        carried = await order<Carried>(gateway, { order: 'reload', version: at + 2 });
      });
      const slowestBefore = await slowestWhile(gateway, () => wait(carried.milliseconds));
      taken.push({ seconds: carried.milliseconds / 1000, stoodMilliseconds: carried.stoodMilliseconds, slowest, slowestBefore });
    }
    const of = (key: keyof Reload): number => median(taken.map((one) => one[key]));
    return {
      seconds: of('seconds'),
      stoodMilliseconds: of('stoodMilliseconds'),
      slowest: of('slowest'),
      slowestBefore: of('slowestBefore'),
    };
  } finally {
    gateway.stop();
  }
}

/** Milliseconds of the slowest of the requests that are asked, a hundred a second, while the work goes on. */
async function slowestWhile(target: Target, work: () => Promise<unknown>): Promise<number> {
  const waiting: Promise<number>[] = [];
  const timer = setInterval(() => waiting.push(once200(target)), 10);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(...(await Promise.all(waiting)));
}

/** On a connection of its own: one that is kept may be closed by the other side just then. */
function once200({ ready }: Target): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const where = { host: '127.0.0.1', port: ready.port, path: ready.path, agent: false };
    const asked = request({ ...where, headers: ready.headers }, (reply) => {
      if (reply.statusCode !== 200) reject(new Error(`A request was answered ${reply.statusCode ?? 0}`));
      reply.resume().on('end', () => resolve(performance.now() - began));
    });
    asked.on('error', reject).end();
  });
}
