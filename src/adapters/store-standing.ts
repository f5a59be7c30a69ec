// How the stores that gateways share stand, for whoever is told: the health page, the console and the metrics. Keeps nothing.

import type { StateEngine } from './state-engine.ts';

export interface StoreStanding {
  /** `beside`: everything is in files of this gateway. `durable`: in a PostgreSQL that it alone uses. `shared`: others use it too. */
  readonly kind: 'beside' | 'durable' | 'shared';
  /** False while a lookup of what others may have changed is answered by 503. */
  readonly current: boolean;
  readonly leads: boolean;
  readonly postgresAnswers: boolean;
  /** Since this gateway heard its own heartbeat last; NaN where it never did or there is nobody to hear. */
  readonly heartbeatAgeSeconds: number;
  /** Changes that the replicas of Redis have not confirmed. */
  readonly unconfirmed: number;
  readonly reconnects: number;
  /** Sentences without their full stop. */
  notices(): readonly string[];
}

export function storeStanding({ shared, redis, postgres }: Pick<StateEngine, 'shared' | 'redis' | 'postgres'>): StoreStanding {
  const figures = () => redis?.changes.figures();
  return {
    kind: redis !== null ? 'shared' : postgres === null ? 'beside' : 'durable',
    get current() {
      return shared.changes.current;
    },
    get leads() {
      return shared.leadership.leads;
    },
    get postgresAnswers() {
      return postgres?.trouble === undefined || postgres.trouble === null;
    },
    get heartbeatAgeSeconds() {
      return figures()?.secondsSinceHeartbeat ?? Number.NaN;
    },
    get unconfirmed() {
      return figures()?.unconfirmed ?? 0;
    },
    get reconnects() {
      return figures()?.reconnects ?? 0;
    },
    notices: () => [...(redis?.notices() ?? []), ...ofPostgres(postgres, redis !== null)],
  };
}

function ofPostgres(postgres: StateEngine['postgres'], together: boolean): readonly string[] {
  if (postgres === null || postgres.trouble === null) return [];
  const meanwhile = together
    ? 'people go on with the sessions they have, and nobody new signs in'
    : 'nothing is written, and whoever needs that is answered with 503';
  return [`PostgreSQL is not in use (${postgres.trouble}); until it is, ${meanwhile}`];
}
