// A port for something whose address others have to know before it listens.

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems hand out by themselves (32768 and up on Linux), so that nobody is given it meanwhile. */
const lowest = 20_000;
const highest = 32_000;
const triesMax = 100;

/** A port of 127.0.0.1 that was free a moment ago. Rejects when none is found. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
  throw new Error(`Cannot find a free port between ${lowest} and ${highest}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}
