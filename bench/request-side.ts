// The gateway as its requests see it: the threads that index the audit log and run the detectors work beside them, later and
// as they have time, and are told apart.

import type { ForkedTarget, Target, Usage } from './measure.ts';
import { threadTimes } from './thread-times.ts';

/** As the gateway names its threads. */
const apart = ['audit-index', 'audit-watch'];

export function requestSide(gateway: ForkedTarget): Target {
  const usage = async (): Promise<Usage> => {
    const whole = await gateway.usage();
    const beside = threadTimes(gateway.child.pid ?? 0, apart);
    const together = [...beside.values()].reduce((sum, time) => sum + time, 0);
    return { ...whole, cpuMicroseconds: whole.cpuMicroseconds - together, beside };
  };
  return { name: gateway.name, ready: gateway.ready, usage, stop: () => gateway.stop() };
}
