// How long a lookup waits for rows that other gateways have changed: after that it is `unavailable`, and never what it was.

import { Fault } from '../core/faults.ts';

const longestWaitMilliseconds = 500;

/** What `read` resolves to. Rejects with Fault `session-store-unavailable` where it takes too long; `detail` says what was waited for. */
export async function inTime<T>(read: Promise<T>, detail: string, milliseconds = longestWaitMilliseconds): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault('session-store-unavailable', { detail })), milliseconds);
  });
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
  }
}
