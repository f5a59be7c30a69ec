// Watches whether the thread stands still, by the machine's own clocks whatever clock the sessions go by, and measures it.

import type { PrometheusMetrics } from '../adapters/metrics-prometheus.ts';
import { systemThreadTime } from '../adapters/thread-time-system.ts';
import { ThreadWatch } from '../adapters/thread-watch.ts';
import type { OperationsLog } from '../ports.ts';

export function openThreadWatch(metrics: PrometheusMetrics, log: OperationsLog): ThreadWatch {
  const help = 'Standstills of the one thread that were longer than a second';
  const stalled = metrics.seconds('wardgate_event_loop_stall_seconds', help, [2, 5, 15, 60]);
  return new ThreadWatch({ time: systemThreadTime, log, stalled });
}
