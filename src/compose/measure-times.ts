// What is counted as it happens and not when metrics are asked for: how long stores and disks take, and which alerts are raised.

import type { PrometheusMetrics } from '../adapters/metrics-prometheus.ts';
import type { DetectorName } from '../core/detect/detector.ts';
import type { DetectorSettings } from '../core/detect/detector-settings.ts';
import { tellingOfOne } from '../core/detect/how-telling.ts';
import type { StoreTimed } from '../shared-ports.ts';

export interface Measured {
  readonly store: StoreTimed;
  /** One fdatasync of the access record came back. */
  readonly synced: (milliseconds: number) => void;
  /** An alert is on record. */
  readonly raised: (detector: DetectorName, words: string) => void;
}

const buckets = [0.001, 0.005, 0.02, 0.1, 0.5, 2];

export function measureTimes(metrics: PrometheusMetrics, detectors: DetectorSettings): Measured {
  const stores = metrics.seconds('wardgate_store_seconds', 'What the stores that gateways share took', buckets, [
    'store',
    'result',
  ]);
  const syncs = metrics.seconds('wardgate_audit_sync_seconds', 'Until written records were on the disk', buckets);
  const alerts = metrics.counter('wardgate_alerts_total', 'Alerts put on record by this gateway', ['detector', 'telling']);
  // Each stands at zero before its first alert: Prometheus does not see a rise from nothing.
  for (const [detector, given] of Object.entries(detectors))
    if (given !== null) alerts(0, { detector, telling: tellingOfOne({ detector, words: '' }) });
  return {
    store: (what, milliseconds, failed) => stores(milliseconds / 1000, { store: what, result: failed ? 'failed' : 'done' }),
    synced: (milliseconds) => syncs(milliseconds / 1000),
    raised: (detector, words) => alerts(1, { detector, telling: tellingOfOne({ detector, words }) }),
  };
}
