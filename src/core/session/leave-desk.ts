// What becomes of the session of somebody who makes room for the next person at a desk.

import type { SessionDevice } from './device.ts';

/** By configuration: the first person's session ends, or waits at that desk until they are back. */
export type FirstPerson = 'end' | 'park';

/** It waits only at a desk that IT registered: nowhere else could its person take it up again. */
export function leavesDesk(configured: FirstPerson, device: SessionDevice | null): FirstPerson {
  return configured === 'park' && device?.kind === 'shared' ? 'park' : 'end';
}
