// Times one piece of work that a shared store does, and tells whether it failed.

import type { StoreTimed } from '../shared-ports.ts';
import { systemClock } from './clock-system.ts';

/** As the work resolves or rejects. `told` is absent where nobody wants to know. */
export async function timed<T>(told: StoreTimed | undefined, what: Parameters<StoreTimed>[0], work: Promise<T>): Promise<T> {
  if (told === undefined) return work;
  const begunAt = systemClock.monotonic();
  let failed = true;
  try {
    const result = await work;
    failed = false;
    return result;
  } finally {
    told(what, systemClock.monotonic() - begunAt, failed);
  }
}
