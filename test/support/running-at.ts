// What runs at one of two gateways for hours: a download, a stream that never ends and a live connection, and how each of them ends.

import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import type { CookieClient } from './cookie-client.ts';
import type { OneOfTwo, TwoGateways } from './two-gateways.ts';

/** Resolves with the way it ended: `whole`, `cut`, or a close code. */
export interface Running {
  readonly kind: string;
  readonly over: Promise<string | number>;
  readonly begun: Promise<unknown>;
  readonly readOn: () => void;
  readonly seen: () => string | number | null;
}

function running(kind: string, begun: Promise<unknown>, over: Promise<string | number>, readOn = (): void => undefined): Running {
  let how: string | number | null = null;
  void over.then((one) => (how = one));
  return { kind, begun, over, readOn, seen: () => how };
}

/** Read no further than its first bytes, until `readOn`. */
export function stream(kind: string, port: number, headers: Readonly<Record<string, string>>, path: string): Running {
  const asked = request({ host: '127.0.0.1', port, path, headers, agent: false });
  const answered = Promise.withResolvers<void>();
  let resume = (): void => undefined;
  const over = new Promise<string | number>((resolve) => {
    asked.on('error', () => resolve('cut'));
    asked.on('response', (reply: IncomingMessage) => {
      reply.on('error', () => undefined).on('close', () => resolve(reply.complete ? 'whole' : 'cut'));
      // Unread until the end, so that it costs nothing to have it run; whoever does not read does not hear of an end.
      reply.once('data', () => {
        reply.pause();
        answered.resolve();
      });
      resume = () => void reply.resume();
    });
  });
  asked.end();
  return running(kind, answered.promise, over, () => resume());
}

export function live(port: number, headers: Readonly<Record<string, string>>): Running {
  const line = new WebSocket(`ws://127.0.0.1:${port}/ws/messages?forever`, { headers });
  const begun = new Promise((resolve) => line.once('message', resolve));
  const over = new Promise<number>((resolve) => line.on('error', () => undefined).once('close', resolve));
  return running('live connection', begun, over);
}

/** One of each, which has begun. Everybody who may have a download may have all of them. */
export async function everythingAt(two: TwoGateways, gateway: OneOfTwo, client: CookieClient): Promise<readonly Running[]> {
  const headers = { host: new URL(two.origin).host, cookie: client.cookieHeader(two.origin) };
  const all = [
    stream('download', gateway.port, headers, '/files/large?megabytes=4000&length=unknown'),
    stream('event stream', gateway.port, headers, '/fault/trickle?every=100&count=10000'),
    live(gateway.port, { ...headers, origin: two.origin }),
  ];
  await Promise.all(all.map(async ({ begun }) => begun));
  expect(all.map(({ seen }) => seen())).toEqual([null, null, null]);
  return all;
}
