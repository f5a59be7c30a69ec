// Gauges of what the gateway holds, read when metrics are asked for. Counts alone: no person, patient or path.

import type { PrometheusMetrics } from '../adapters/metrics-prometheus.ts';
import { isEmergency } from '../core/session/is-emergency.ts';
import type { Restriction } from '../core/respond/restriction.ts';
import type { SessionList, SessionStore } from '../session-ports.ts';

export interface MeasuredState {
  readonly sessions: SessionList & Pick<SessionStore, 'unconfirmedEnds'> & { readonly size: number };
  readonly audit: { readonly available: boolean };
  readonly restrictions: { all(now: number): readonly Restriction[] };
}

export function measureState(
  metrics: PrometheusMetrics,
  { audit, sessions, restrictions }: MeasuredState,
  now: () => number,
): void {
  metrics.gauge('wardgate_audit_available', 'Whether the access record can be written; 0: nobody can work', () =>
    Number(audit.available),
  );
  metrics.gauge('wardgate_sessions', 'Sessions in the store, locked ones too', () => sessions.size);
  const locked = (): number => sessions.all().filter(({ lockedAt }) => lockedAt !== null).length;
  metrics.gauge('wardgate_sessions_locked', 'Sessions that are locked', locked);
  const emergency = (): number => sessions.all().filter(isEmergency).length;
  metrics.gauge('wardgate_emergency_sessions', 'Sessions opened without the identity provider', emergency);
  const unconfirmed = (): number => sessions.unconfirmedEnds?.count ?? 0;
  const help = 'Ends of sessions that hold here and are not confirmed for the other gateways';
  metrics.gauge('wardgate_session_ends_unconfirmed', help, unconfirmed);
  const held = (): number => restrictions.all(now()).length;
  metrics.gauge('wardgate_restrictions', 'Restrictions after alerts that are in force', held);
}
