// What the gateway has to know of its one thread.

import type { ThreadTime } from './core/thread/stood-still.ts';

/** Read at each look; the one of this machine, unless a test has one of its own. */
export type ReadThreadTime = () => ThreadTime;
