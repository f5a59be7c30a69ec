// A real haproxy before two gateways, as docs/several-gateways.md describes it: asks each whether it is ready, sends a request that
// only reads once more where the gateway that had it is gone, and keeps back what a gateway could not answer soon.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/demo/free-port.ts';
import { eventually } from './demo-story.ts';

export interface Balanced {
  readonly port: number;
  readonly healthPort: number;
}

export interface Balancer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startBalancer(program: string, gateways: readonly Balanced[]): Promise<Balancer> {
  const directory = mkdtempSync(join(tmpdir(), 'wardgate-haproxy-'));
  const port = await freePort();
  const servers = gateways.map(
    (one, index) => `  server g${index} 127.0.0.1:${one.port} check port ${one.healthPort} inter 500ms fall 1 rise 1 maxconn 200`,
  );
  const lines = [
    'defaults',
    '  mode http',
    '  timeout connect 2s',
    '  timeout client 30s',
    '  timeout server 30s',
    '  timeout queue 10s',
    'frontend clinic',
    `  bind 127.0.0.1:${port}`,
    '  default_backend gateways',
    'backend gateways',
    '  balance roundrobin',
    '  option httpchk GET /readyz',
    '  option redispatch 1',
    '  retries 3',
    '  retry-on conn-failure empty-response',
    '  http-request disable-l7-retry unless METH_GET',
    ...servers,
  ];
  const file = join(directory, 'haproxy.cfg');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn(program, ['-db', '-f', file], { stdio: 'ignore' });
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await eventually(async () => (await fetch(`http://127.0.0.1:${port}/`).catch(() => null)) !== null, 'the balancer to listen');
  } catch (cause) {
    await close();
    throw cause;
  }
  return { port, close };
}
