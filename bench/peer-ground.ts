// What one peer runs on: a folder, ports, an OpenID provider of the demo, and the processes, which end with it. Only processes
// that were started here are ever signalled.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../src/demo/free-port.ts';
import { createPersonas } from '../src/demo/personas.ts';
import { startDemoProvider } from '../src/demo/provider/start-demo-provider.ts';
import type { DemoProvider } from '../src/demo/provider/start-demo-provider.ts';
import type { Ground, Provider, Run } from './peer.ts';
import { pidsOfTree } from './process-tree.ts';

const startSecondsMax = 20;
const stopSecondsMax = 5;
/** Distributions keep servers where not every PATH leads. */
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of a program or file that is there; null where it is not. */
export function located(name: string): string | null {
  const candidates = isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name));
  return candidates.find((path) => isReadable(path)) ?? null;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

export class PeerGround implements Ground {
  readonly directory = mkdtempSync(join(tmpdir(), 'wardgate-peer-'));
  readonly port: number;
  readonly upstream: number;
  readonly freePort = freePort;
  readonly #children: ChildProcess[] = [];
  #provider: DemoProvider | null = null;

  constructor(port: number, upstream: number) {
    this.port = port;
    this.upstream = upstream;
    chmodSync(this.directory, 0o755);
    process.once('exit', this.#kill);
  }

  /** These three are handed out one by one. */
  readonly write = (name: string, text: string): string => {
    const path = join(this.directory, name);
    writeFileSync(path, text);
    return path;
  };

  readonly provider = async (callbackPath: string): Promise<Provider> => {
    const client = { clientId: 'bench', clientSecret: randomBytes(24).toString('hex') };
    const redirectUris = [`http://127.0.0.1:${this.port}${callbackPath}`];
    const personas = createPersonas();
    const clients = [{ ...client, redirectUris, postLogoutRedirectUris: [] }];
    this.#provider = await startDemoProvider({ personas, clients });
    const group = personas.find(({ name }) => name === 'physician')?.groups[0] ?? '';
    return { issuer: this.#provider.issuer, ...client, group };
  };

  readonly beside = async (run: Run, port: number): Promise<void> => void (await this.run(run, port));

  /** Starts it and resolves to its number once it listens. */
  async run({ program, args, environment = {} }: Run, port: number): Promise<number> {
    const log = join(this.directory, `${this.#children.length}.out`);
    const output = openSync(log, 'a');
    const child = spawn(located(program) ?? program, [...args], {
      cwd: this.directory,
      env: { PATH: process.env['PATH'], HOME: this.directory, ...environment },
      stdio: ['ignore', output, output],
    });
    this.#children.push(child);
    child.on('error', () => undefined);
    for (let tries = 0; tries < startSecondsMax * 10; tries += 1) {
      if (child.exitCode !== null || child.pid === undefined) break;
      if (await listens(port)) return child.pid;
      await pause(100);
    }
    throw new Error(`${program} does not listen: ${readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' / ')}`);
  }

  async end(): Promise<void> {
    for (const child of this.#children) child.kill('SIGTERM');
    for (let tries = 0; tries < stopSecondsMax * 10 && this.#children.some(isRunning); tries += 1) await pause(100);
    this.#kill();
    process.off('exit', this.#kill);
    await this.#provider?.close();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }

  /** With all below them, as whoever runs it may end the bench at any time. */
  readonly #kill = (): void => {
    for (const child of this.#children.filter(isRunning)) {
      for (const pid of pidsOfTree(child.pid ?? 0).toReversed()) endNow(pid);
    }
  };
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

/** It may have ended meanwhile. */
function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, which is what was wanted.
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
