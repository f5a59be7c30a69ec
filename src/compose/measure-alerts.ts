// Gauges of what waits for a reviewer.

import type { PrometheusMetrics } from '../adapters/metrics-prometheus.ts';
import { OpenAlerts } from '../control/open-alerts.ts';
import type { Parts } from './open-parts.ts';

/** Call what comes back every few seconds. */
export function measureAlerts({
  metrics,
  state,
  search,
  clock,
}: Pick<Parts, 'metrics' | 'state' | 'search' | 'clock'>): OpenAlerts {
  const open = new OpenAlerts({ store: state.cases, search, leadership: state.shared.leadership, clock });
  const alerts = () => Object.entries(open.figures?.alerts ?? {});
  const help = 'Alerts of the last 30 days in no case, or in one that is open; at the gateway that leads';
  metrics.gauges('wardgate_alerts_open', help, 'telling', alerts);
  metrics.gauge('wardgate_cases_open', 'Cases that are open; at the gateway that leads', () => open.figures?.cases ?? Number.NaN);
  return open;
}
