// Counts the request under the name of the stage that ended it: the same word as in the audit.

import type { Clock, Metrics } from '../ports.ts';
import type { NamedSettleStep } from './settle-step.ts';

export function countRequest(needs: { readonly metrics: Metrics; readonly clock: Clock }): NamedSettleStep['run'] {
  return (facts, outcome) => {
    const seconds = facts.startedAt === undefined ? 0 : (needs.clock.monotonic() - facts.startedAt) / 1000;
    needs.metrics.finished(outcome.endedBy, outcome.status, seconds);
  };
}
