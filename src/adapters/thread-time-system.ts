// The two clocks of this machine by which a standstill of the thread is seen. Linux counts its sleep in the time since its start,
// and not in the clock that never jumps (clock_gettime(2): CLOCK_BOOTTIME, CLOCK_MONOTONIC).

import { uptime } from 'node:os';
import type { ReadThreadTime } from '../thread-ports.ts';
import { systemClock } from './clock-system.ts';

export const systemThreadTime: ReadThreadTime = () => ({ monotonic: systemClock.monotonic(), sinceBoot: uptime() * 1000 });
