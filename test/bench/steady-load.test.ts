// The load at an even rate: as many requests as it promises, each on a connection of a few, and what fails is counted as such.

import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { steadyLoad } from '../../bench/steady-load.ts';
import type { SteadyResult } from '../../bench/steady-load.ts';

let server: Server | null = null;

afterEach(() => void server?.close());

async function loaded(answer: RequestListener): Promise<SteadyResult> {
  const listening = createServer(answer).listen(0, '127.0.0.1');
  server = listening;
  await new Promise((resolve) => listening.once('listening', resolve));
  const origin = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  return steadyLoad({ origin, path: '/chart', headers: { 'x-from': 'bench' }, connections: 4, ratePerSecond: 200, seconds: 0.5 });
}

it('sends every request that is due, over no more connections than it was given', async () => {
  const seen = new Set<unknown>();
  const { answered, failed, p50Milliseconds, p99Milliseconds } = await loaded((request, response) => {
    seen.add(request.socket);
    response.end(String(request.headers['x-from']));
  });
  expect({ answered, failed }).toEqual({ answered: 100, failed: 0 });
  expect(seen.size).toBeLessThanOrEqual(4);
  expect(p50Milliseconds).toBeGreaterThan(0);
  expect(p99Milliseconds).toBeGreaterThanOrEqual(p50Milliseconds);
});

it('goes on asking while answers are late, and counts the wait from when each was due', async () => {
  const held: (() => void)[] = [];
  const { answered, p50Milliseconds } = await loaded((_request, response) => {
    held.push(() => void response.end());
    // Four at once is all that its connections can carry; each round is let go when all of them are there.
    if (held.length === 4) setTimeout(() => held.splice(0).forEach((release) => release()), 40);
  });
  expect(answered).toBe(100);
  expect(p50Milliseconds).toBeGreaterThan(40);
});

it('counts other answers and none as failures', async () => {
  let asked = 0;
  const { answered, failed } = await loaded((_request, response) => {
    asked += 1;
    if (asked % 4 === 0) response.writeHead(503).end();
    else if (asked % 4 === 1) response.destroy();
    else response.end();
  });
  expect(answered + failed).toBe(100);
  expect(failed).toBeGreaterThanOrEqual(40);
});
