// Gauges of the stores that gateways share. A gateway alone is always current and always leads, and hears nobody.

import type { PrometheusMetrics } from '../adapters/metrics-prometheus.ts';
import type { StoreStanding } from '../adapters/store-standing.ts';

export function measureStore(metrics: PrometheusMetrics, store: StoreStanding): void {
  metrics.gauge('wardgate_store_current', 'Whether what is in memory may be gone by; 0: everybody is answered with 503', () =>
    Number(store.current),
  );
  metrics.gauge('wardgate_store_leads', 'Whether this gateway does what is done once for all', () => Number(store.leads));
  metrics.gauge('wardgate_store_postgres_up', 'Whether PostgreSQL answers; 1 where there is none', () =>
    Number(store.postgresAnswers),
  );
  metrics.gauge(
    'wardgate_store_heartbeat_age_seconds',
    'Since this gateway heard its own heartbeat by Redis',
    () => store.heartbeatAgeSeconds,
  );
  metrics.gauge('wardgate_store_unconfirmed', 'Changes that the replicas of Redis have not confirmed', () => store.unconfirmed);
  metrics.gauge('wardgate_store_reconnects', 'Connections to Redis after the first one', () => store.reconnects);
}
