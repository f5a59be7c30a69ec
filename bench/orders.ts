// Starts a gateway at a given size (`targets/sized-gateway.ts`) and has it carry out one order at a time.

import { setTimeout as wait } from 'node:timers/promises';
import { startTarget } from './measure.ts';
import type { ForkedTarget } from './measure.ts';
import { shippedFlags } from './shipped-flags.ts';
import type { Order, SizedGateway } from './targets/sized-gateway.ts';

export function startSized(name: string, asked: SizedGateway): Promise<ForkedTarget> {
  return startTarget(name, './targets/sized-gateway.ts', [JSON.stringify(asked)], shippedFlags);
}

/** What came of it, as `carryOut` gives it back. */
export function order<T>({ child, name }: ForkedTarget, asked: Order): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error(`Target "${name}" ended before it had carried out "${asked.order}"`));
    const heard = (message: object): void => {
      if (!('done' in message)) return;
      child.off('message', heard).off('exit', ended);
      resolve(message.done as T);
    };
    child.on('message', heard).once('exit', ended);
    child.send(asked);
  });
}

const settleSecondsMax = 60;
const settledMegabytes = 2;
/** Memory is given back in steps, with seconds between them. */
const quietSeconds = 10;

/**
 * In megabytes, what the process holds and what of it is in objects and buffers: after the garbage is collected, and once no
 * more is given back to the system, which takes seconds.
 */
export async function heldMegabytes(target: ForkedTarget): Promise<{ readonly resident: number; readonly objects: number }> {
  let last = await order<NodeJS.MemoryUsage>(target, { order: 'collect' });
  for (let [second, quiet] = [0, 0]; second < settleSecondsMax && quiet < quietSeconds; second += 2) {
    await wait(2000);
    const next = await order<NodeJS.MemoryUsage>(target, { order: 'collect' });
    const givenBack = (last.rss - next.rss) / 1e6;
    last = next;
    quiet = givenBack < settledMegabytes ? quiet + 2 : 0;
  }
  return { resident: last.rss / 1e6, objects: (last.heapUsed + last.external) / 1e6 };
}
