// A gateway in a process of its own before an EHR made by hand, with people who are signed in already, and what tests of
// exhaustion need beside it: connections from many addresses, somebody who goes on working meanwhile, and a look at what
// the gateway holds. WARDGATE_SOAK=1 raises the counts.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { askMany } from './ask-many.ts';
import type { ShortAnswer } from './ask-many.ts';
import { records } from './demo-story.ts';
import type { SessionGatewayOptions } from './session-gateway.ts';
import { startWireEhr } from './wire-ehr.ts';
import type { WireEhr } from './wire-ehr.ts';

export type Asked = 'look' | 'close';

/** What the gateway holds after a collection of garbage. */
export interface Look {
  readonly heapBytes: number;
  /** Buffers and what else objects hold outside of the heap. */
  readonly externalBytes: number;
  readonly residentBytes: number;
  /** Kinds of what keeps Node's loop busy, with their number. */
  readonly resources: readonly (readonly [kind: string, count: number])[];
  readonly files: number;
  readonly liveSessions: number;
  readonly webSockets: number;
  readonly running: number;
  readonly waiting: number;
}

export interface Started {
  readonly port: number;
  readonly host: string;
  readonly directory: string;
  readonly auditDirectory: string;
  /** Cookie header values. */
  readonly cookies: Readonly<Record<'physician' | 'nurse' | 'it', string>>;
}

export interface ExhaustionGateway extends Started {
  readonly ehr: WireEhr;
  look(): Promise<Look>;
  records(): Record<string, unknown>[];
  /** Request line and headers, with the empty line at the end. `cookie` '' is a stranger. */
  readonly head: (cookie: string, line: string, ...headers: readonly string[]) => string;
  /** Ends the gateway in good order, so that its audit is whole. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export const isSoak = process.env.WARDGATE_SOAK === '1';

/** The long form's number under WARDGATE_SOAK=1, else the short form's. */
export function often(short: number, long: number): number {
  return isSoak ? long : short;
}

const child = fileURLToPath(new URL('./exhaustion-child.ts', import.meta.url));

export async function exhaustionGateway(options: SessionGatewayOptions): Promise<ExhaustionGateway> {
  const ehr = await startWireEhr();
  const running = fork(child, [JSON.stringify(options), ehr.origin], { execArgv: ['--expose-gc'] });
  const ended = once(running, 'exit').then(([code]) => {
    throw new Error(`The gateway's process ended with code ${String(code)}`);
  });
  ended.catch(() => undefined);
  const said = async <T>(): Promise<T> => ((await Promise.race([once(running, 'message'), ended])) as [T])[0];
  const started = await said<Started>();
  const ask = async (asked: Asked): Promise<Look> => {
    running.send(asked);
    return said<Look>();
  };
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await ask('close');
    const gone = once(running, 'exit');
    running.disconnect();
    await gone;
  };
  return {
    ...started,
    ehr,
    look: () => ask('look'),
    records: () => records(started),
    head: (cookie, line, ...headers) =>
      [`${line} HTTP/1.1`, `Host: ${started.host}`, ...(cookie === '' ? [] : [`Cookie: ${cookie}`]), ...headers, '', ''].join(
        '\r\n',
      ),
    stop,
    close: async () => {
      await stop();
      await ehr.close();
      rmSync(started.directory, { recursive: true, force: true });
    },
  };
}

/** A connection that hears nothing unless it is told to, from the given loopback address. */
export async function openFrom(port: number, localAddress: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** `count` connections, 100 at a time, spread over the addresses. */
export async function openMany(port: number, count: number, addresses: readonly string[]): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const next = Array.from({ length: Math.min(100, count - sockets.length) }, (_, index) =>
      openFrom(port, addresses[(sockets.length + index) % addresses.length] ?? '127.0.0.1'),
    );
    sockets.push(...(await Promise.all(next)));
  }
  return sockets;
}

/** Somebody who works on while `attack` goes on: one request after another, at least ten. Each must be answered 200. */
export async function whileServed<T>(gateway: ExhaustionGateway, attack: () => Promise<T>): Promise<T> {
  const state = { over: false };
  const under = attack().finally(() => (state.over = true));
  under.catch(() => undefined);
  const answers: ShortAnswer[] = [];
  try {
    while (!state.over || answers.length < 10) {
      answers.push(...(await askMany(gateway.port, [gateway.head(gateway.cookies.physician, 'GET /chart/work')], 1)));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    await under;
  }
  expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
  return under;
}

/** What the EHR saw beside the work of `whileServed`, as request lines. */
export function seenBeside(gateway: ExhaustionGateway): string[] {
  return gateway.ehr.requests.map(({ line }) => line).filter((line) => line !== 'GET /chart/work HTTP/1.1');
}

/** What the engine takes for itself while many requests run, for code and for what comes next, and keeps. */
const engineMegabytes = 100;

/**
 * Checks that what the gateway holds grew by less than this for good, and its resident memory by no more than that and the
 * engine's own: Node gives back in steps, with seconds between them.
 */
export async function expectGrowth(gateway: ExhaustionGateway, before: Look, megabytes: number): Promise<void> {
  await expect
    .poll(async () => grown(before, await gateway.look()), { timeout: 30_000, interval: 1000 })
    .toBeLessThan(megabytes + engineMegabytes);
  const { heapBytes, externalBytes } = await gateway.look();
  expect((heapBytes + externalBytes - before.heapBytes - before.externalBytes) / 1e6).toBeLessThan(megabytes);
}

/** By how many megabytes the resident memory grew. */
export function grown(before: Look, after: Look): number {
  return (after.residentBytes - before.residentBytes) / 1e6;
}
