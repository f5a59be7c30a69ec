// A real PostgreSQL for one test file: a fresh cluster in a temporary directory, on a port of its own, stopped and removed at
// the end. Its programs refuse to run as root, so that root starts them as the user that Debian's package brings.

import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../src/demo/free-port.ts';

export interface PostgresServer {
  /** With the name of who owns everything, who is trusted without a password. */
  readonly url: string;
  readonly pid: number;
  /** As a machine that loses its power: nobody is told anything. */
  kill(): Promise<void>;
  /** Once more on the same files and the same port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** `programs`: the folder with initdb and postgres. */
export async function startPostgres(programs: string): Promise<PostgresServer> {
  const directory = mkdtempSync(join(tmpdir(), 'wardgate-postgres-'));
  const who = ownUser();
  if (who !== null) chownSync(directory, who.uid, who.gid);
  const data = join(directory, 'data');
  const initdb = ['-N', '-D', data, '-U', 'wardgate', '--auth=trust', '--no-instructions', '-E', 'UTF8', '--locale=C'];
  execFileSync(join(programs, 'initdb'), initdb, { cwd: directory, stdio: 'ignore', ...who });
  const port = await freePort();
  const url = `postgres://wardgate@127.0.0.1:${port}/postgres`;
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    // A process that is killed loses nothing without fsync; a machine that falls over is not what is tried here.
    const args = ['-D', data, '-p', String(port), '-k', directory, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'];
    const until = performance.now() + 30_000;
    // What was killed leaves processes that hold its files for a moment, and as long a new one ends at once.
    do child = spawn(join(programs, 'postgres'), args, { cwd: directory, stdio: 'ignore', ...who });
    while (!(await answers(url, child, until)));
  };
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  await start();
  return {
    url,
    get pid() {
      return child?.pid ?? 0;
    },
    kill: () => stop('SIGKILL'),
    start,
    close: async () => {
      // Its own word for "end at once, and mend at the next start", which there is none of.
      await stop('SIGQUIT');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function ownUser(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** False where it has ended before it answered. */
async function answers(url: string, child: ChildProcess, until: number): Promise<boolean> {
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 1000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (cause) {
      await client.end().catch(() => undefined);
      if (performance.now() > until) throw cause;
      if (child.exitCode !== null) return false;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
